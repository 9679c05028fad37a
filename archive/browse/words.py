"""What the pages say for the closed sets, in Chinese and English."""

from __future__ import annotations

SCOPES = {"area": ("本级政府汇总", "consolidated for the area"), "body": ("本机关", "the body's own")}
PROOFS = {
    "proven": ("勾稽相符", "proven"),
    "unproven": ("未涉及勾稽", "unproven"),
    "contradicted": ("勾稽矛盾", "contradicted"),
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
    "missing": ("未找到", "missing"),
    "not due": ("尚未到期", "not due yet"),
}
KINDS = {
    "identity_fails": ("勾稽关系不成立", "an identity of the form fails in print"),
    "statement_contradicts_table": ("正文与表格数字不一致", "the prose contradicts the table"),
    "glued_digits": ("相邻单元格数字连写，无法拆分", "digits of several cells run together"),
    "figures_gone": ("后一版缺少前一版的数据", "figures of an earlier version are gone"),
    "weaker_rendition": ("另一载体读出的数据较少", "another rendition was read less well"),
    "row_not_aligned": ("有行未能对应表样", "a row could not be matched to the form"),
    "row_absent": ("缺少表样中的行", "rows of the form are not in the table"),
    "row_without_label": ("行名缺失，按位置对应", "a row without a label was placed by its order"),
    "row_repeated": ("同一行重复出现", "a row is printed more than once"),
    "unit_differs": ("单位与表样不同", "the printed unit differs from the form's"),
}
IDENTITIES = {
    "T3-I1": (
        "第一项加第二项之和，等于第三项加第四项之和",
        "received + carried in = dealt with + carried out",
    ),
    "T3-I2": ("各项办理结果之和，等于（七）总计", "all results add up to their total"),
    "T3-I3": ("各类申请人之和，等于总计", "all applicants add up to the total"),
    "S14-I1": ("各申请方式之和，等于收到申请数", "all channels add up to the requests received"),
    "S14-I2": ("按时与延期办结之和，等于申请办结数", "on time + extended = concluded"),
    "S14-I3": ("各类答复之和，等于申请答复数", "all answers add up to their total"),
    "S14-I4": ("不同意公开各原因之和，等于不同意公开答复数", "all reasons add up to the refusals"),
    "S14-I5": ("行政复议各结果之和，等于行政复议数量", "all outcomes add up to the reviews"),
    "S14-I6": ("行政诉讼各结果之和，等于行政诉讼数量", "all outcomes add up to the suits"),
    "S14-I7": ("专职与兼职之和，等于工作人员数", "full-time + part-time = staff"),
    "L08-I1": ("各申请方式之和，等于申请总数", "all channels add up to the requests"),
    "L08-I2": ("各类答复之和，等于答复总数", "all answers add up to their total"),
    "L08-I3": ("否决各原因之和，等于否决公开答复总数", "all reasons add up to the refusals"),
    "T4-I1": ("各种结果之和，等于总计", "all outcomes add up to the total"),
}


def identity(name: str) -> tuple[str, str]:
    """What an identity says, by its name (`T3-I1:natural`); its name alone when it has no words here."""
    return IDENTITIES.get(name.partition(":")[0], (name, ""))


def kind(name: str) -> tuple[str, str]:
    """What a kind of finding is called."""
    return KINDS.get(name, (name, ""))
