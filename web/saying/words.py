"""What the pages say for the closed sets, in Chinese and English."""

from __future__ import annotations

from parsers import rulebook

SCOPES = {"area": ("本级政府汇总", "consolidated for the area"), "body": ("本机关", "the body's own")}
PROOFS = {
    "proven": ("勾稽相符", "proven"),
    "unproven": ("未涉及勾稽", "unproven"),
    "contradicted": ("勾稽矛盾", "contradicted"),
    "cleared": ("勾稽矛盾不在此格", "cleared"),
}
STATES = {
    "number": ("数字", "number"),
    "blank": ("空白", "blank"),
    "dash": ("横线", "dash"),
    "illegible": ("无法辨认", "illegible"),
    "absent": ("表中无此格", "absent"),
}
COVERAGE = {
    "found": ("已收录", "held"),
    "late": ("已收录，逾期公布", "held, published late"),
    "withdrawn": ("已撤下，本站留存", "withdrawn, kept here"),
    "unreadable": ("无法读取", "unreadable"),
    "blocked": ("被拦截", "blocked"),
    "not_found": ("栏目中未见", "not in its listing"),
    "not_published": ("人工确认未公布", "not published, says a person"),
    "not_looked_for": ("尚未查找", "not looked for"),
    "not_due": ("未到期限", "not due"),
}
SIGNS = {
    "found": "✓",
    "late": "△",
    "withdrawn": "↩",
    "unreadable": "?",
    "blocked": "■",
    "not_found": "✕",
    "not_published": "∅",
    "not_looked_for": "○",
    "not_due": "·",
}
"""A sign for each state beside its colour; they must be told apart in print, too."""
LIVES = {
    "verified": ("已验证", "verified"),
    "column found": ("找到栏目", "column found"),
    "answers": ("有应答，未见栏目", "answers, no column"),
    "asked": ("已查访，无应答", "asked, no answer"),
    "blocked": ("被拦截", "blocked"),
    "moved": ("已迁址", "moved"),
    "dead": ("已失效", "dead"),
    "not asked": ("尚未查访", "not asked"),
    "candidate": ("线索", "candidate"),
    "no source": ("没有来源", "no source"),
}
LIFE_SIGNS = {
    "verified": "✓",
    "column found": "◐",
    "answers": "○",
    "asked": "…",
    "blocked": "■",
    "moved": "→",
    "dead": "✕",
    "not asked": "·",
    "candidate": "?",
    "no source": "∅",
}
"""What a source turned out to be, and a sign for each beside its colour."""
ORIGINS = {"registry": ("登记表", "the registry"), "page": ("网页所指", "named by a page")}
CHANGES = {
    "new": ("新收录", "new"),
    "revised": ("修订", "revised"),
    "withdrawn": ("撤下", "withdrawn"),
}
CHANGE_SIGNS = {"new": "+", "revised": "≠", "withdrawn": "↩"}
EDGES = {
    "same": ("同一机关", "the same authority"),
    "renamed": ("更名", "renamed"),
    "joined": ("人工确认为同一机关", "one authority, says a person"),
    "merged": ("并入", "merged"),
    "split": ("拆分", "split"),
}
KINDS_OF_BODY = {
    "government": ("政府", "government"),
    "office": ("政府办公室", "government office"),
    "department": ("部门", "department"),
    "township": ("乡镇街道", "township"),
    "zone": ("开发区", "development zone"),
    "branch": ("垂直管理机构", "vertical branch"),
}
LEVELS = {
    "centre": ("中央", "central"),
    "province": ("省级", "provincial"),
    "city": ("市级", "prefectural"),
    "county": ("县级", "county level"),
    "zone": ("开发区", "development zone"),
    "central": ("中央", "central"),
    "township": ("乡镇街道", "township"),
}
OUTCOMES = {
    "ok": ("取得", "fetched"),
    "not_modified": ("未变", "unchanged"),
    "redirected": ("转址", "redirected"),
    "redirect_loop": ("循环转址", "redirect loop"),
    "redirect_to_home": ("转至首页", "sent to the home page"),
    "js_redirect": ("脚本转址", "redirected by a script"),
    "empty": ("空白", "empty"),
    "partial": ("不完整", "incomplete"),
    "too_large": ("过大", "too large"),
    "soft_404": ("假 404", "missing behind a 200"),
    "gone": ("已不存在", "gone"),
    "forbidden": ("禁止访问", "forbidden"),
    "login_required": ("须登录", "login required"),
    "http_error": ("请求出错", "HTTP error"),
    "server_error": ("服务器出错", "server error"),
    "throttled": ("限速", "throttled"),
    "challenge_js": ("脚本验证", "script challenge"),
    "blocked_waf": ("防火墙拦截", "blocked by a firewall"),
    "captcha": ("验证码", "captcha"),
    "suspicious_content": ("内容可疑", "suspicious content"),
    "attachment_mismatch": ("附件类型不符", "attachment of another type"),
    "robots_disallowed": ("robots 不许", "disallowed by robots.txt"),
    "not_registered": ("未登记", "not registered"),
    "private_address": ("内网地址", "private address"),
    "dns_failed": ("域名无法解析", "name not resolved"),
    "unreachable_connect": ("无法连接", "unreachable"),
    "reset": ("连接中断", "connection reset"),
    "timeout": ("超时", "timed out"),
    "tls_invalid": ("证书无效", "invalid certificate"),
    "failed": ("失败", "failed"),
}
FILES = {
    "panel": ("宽表：每份报告一行，每个单元格一列", "Wide: one row a report, one column a cell"),
    "figures": ("长表：每个版本每个单元格一行", "Long: one row a version and cell"),
    "reports": ("每份报告的最新版", "Reports in their latest version"),
    "versions": ("报告的各个版本", "Every version of every report"),
    "findings": ("问题", "Findings"),
    "coverage": ("各机关各年度的收录状态", "What is held for each body and year"),
    "statements": ("正文所述数字", "Numbers said in prose"),
    "codebook": ("单元格代码", "Codebook of the cells"),
    "statement_codes": ("正文所述数字的代码", "Codes of numbers said in prose"),
    "rules": ("规则：依据、算式和例子", "Rules: on what they rest, in words, with examples"),
    "changes": ("自上次发布以来的变化", "Changes since the last release"),
    "nianbao": ("SQLite 数据库，即本站全部数据", "SQLite: all that this site shows"),
    "datapackage": ("各文件、各字段的说明", "What each file and field means"),
    "quality": ("实测差错率", "The measured error rate"),
    "gates": ("发布前的检查", "Checks before publication"),
    "CITATION": ("怎样引用", "How to cite"),
    "LICENCE": ("使用条款", "Terms"),
    "PROVENANCE": ("数据来源", "Where it comes from"),
    "SHA256SUMS": ("校验和", "Checksums"),
}
UNITS = {
    "件": ("件", "cases"),
    "项": ("项", "items"),
    "条": ("条", "items"),
    "次": ("次", "times"),
    "篇": ("篇", "articles"),
    "个": ("个", "in number"),
    "人": ("人", "persons"),
    "人次": ("人次", "visits"),
    "万元": ("万元", "10,000 yuan"),
    "%": ("%", "%"),
}
VERDICTS = {
    "confirmed": ("人工复核：属实", "reviewed: confirmed"),
    "dismissed": ("人工复核：不成立", "reviewed: dismissed"),
    "open": ("人工复核：待定", "reviewed: open"),
}
CLASSES = {
    "noise": ("无实质变化", "noise"),
    "text revised": ("文字修改", "text revised"),
    "number revised": ("数字修改", "number revised"),
    "rendition added": ("新增载体", "rendition added"),
    "moved": ("网址变更", "moved"),
    "withdrawn": ("撤下", "withdrawn"),
    "restored": ("恢复", "restored"),
    "worse": ("残缺，仅作证据", "worse, kept as evidence"),
    "unconfirmed": ("未经复查确认", "unconfirmed"),
}
KINDS = {
    "identity_fails": ("勾稽关系不成立", "an identity of the form fails in print"),
    "misprint": ("何处印错", "where the misprint stands"),
    "reading_in_doubt": ("多数勾稽关系不成立，读数存疑", "many identities fail, the reading is in doubt"),
    "statement_contradicts_table": ("正文与表格数字不一致", "the prose contradicts the table"),
    "glued_digits": ("相邻单元格数字连写，无法拆分", "digits of several cells run together"),
    "figures_gone": ("后一版缺少前一版的数据", "figures of an earlier version are gone"),
    "weaker_rendition": ("另一载体读出的数据较少", "another rendition was read less well"),
    "row_not_aligned": ("有行未能对应表样", "a row could not be matched to the form"),
    "row_absent": ("缺少表样中的行", "rows of the form are not in the table"),
    "row_beside_absent": ("相邻行未读出", "rows beside ones that were not read"),
    "row_without_label": ("行名缺失，按位置对应", "a row without a label was placed by its order"),
    "row_repeated": ("同一行重复出现", "a row is printed more than once"),
    "unit_differs": ("单位与表样不同", "the printed unit differs from the form's"),
    "worse_capture": (
        "后来的页面残缺或乱码，不采用",
        "a later capture is cut, garbled or empty, and not used",
    ),
    "carry_over_differs": (
        "上年结转与上一年度结转数不一致",
        "what is carried in is not what last year carried out",
    ),
    "in_force_differs": (
        "现行有效数与上一年度不衔接（仅供参考）",
        "what is in force does not follow from last year (advice)",
    ),
    "text_repeats_last_year": ("正文过半与上一年度雷同", "more than half of the text is last year's"),
    "figures_of_another_body": (
        "数据与另一机关的报告完全相同",
        "the figures equal those of another body's report",
    ),
    "figure_unusual": (
        "与本机关以往各年或同类机关相差悬殊（仅供参考）",
        "far from what the body printed before, or from its peers (advice)",
    ),
    "figures_repeat_last_year": (
        "数据与上一年度完全相同（仅供参考）",
        "all figures are those of last year (advice)",
    ),
    "wrong_name_inside": ("正文中的机关名称有误", "the text names another body as its own"),
}
SEVERITIES = {"error": ("错误", "error"), "warning": ("疑问", "warning"), "note": ("提示", "note")}


def identity(name: str) -> tuple[str, str]:
    """What an identity says, by its name (`T3-I1:natural`); its name alone when it has no words here."""
    found = rulebook.of_identity(name)
    return (found.zh, found.en) if found else (name, "")


def kind(name: str) -> tuple[str, str]:
    """What a kind of finding is called."""
    return KINDS.get(name, (name, ""))
