"""Rules for what was disclosed: items of information, documents, press conferences."""

from __future__ import annotations

from parsers.sentences.rule import END, ITEMS, rule

_SORT = r"[各类年度本级机关局相有全部种所的项省市县区乡镇街道]{0,10}"
_TRADE = (
    "海关|环境|气象|税务|财政|审计|统计|教育|卫生健康|卫生|民政|水利|交通|农业|林业|司法|公安|市场监管|自然资源"
    "|住建|人社|医保|应急"
)
INFO = (
    rf"(?:{_SORT}(?:文件)?(?:{_TRADE})?(?:政务公开|政府公开|政府|政务|公开)?(?:各类)?信息(?:公开)?"
    r"|[^,;。]{0,80}?等(?:各?个?(?:方面|领域|类|类别|内容|各类)"
    r"|(?:社会|公众|群众|百姓|企业)[^,;。]{0,8})?的?(?:政府|政务|公开)?信息)"
)
_INFO_NEXT = r"^(?:各类)?(?:政府|政务|公开)?(?:各类)?信息(?!公开申请|公开依申请|处理费)"
PUBLISH = r"(?:公开公示|公开|发布|公布|上传|更新|推送|推出|编发)(?:了)?"
_EVENTS = frozenset({"场", "次", "场次", "期", "个"})

_MANY = (
    r"(?:网站|微信|微博|公众号|新媒体)[^,;。]{0,60}等"
    r"[^,;。]{0,12}(?:平台|渠道|方式|载体|形式|途径|媒体|媒介)[^,;。]{0,12}"
)
_ANY_CHANNEL = (
    r"网站|门户网|政府网|官网|网页|微信|公众号|微博|平台|栏目|公示栏|公告栏|报刊|视频号|抖音|客户端"
    r"|电视|专栏|媒体"
)
_NOT_TOTAL = r"其中|类别|依申请|申请公开|其[他它][^,;。]{0,6}(?:主动|渠道|方式|形式|途径)"
_NO_CHANNEL = rf"{_NOT_TOTAL}|{_ANY_CHANNEL}"
_NOT_ALL = rf"{_NO_CHANNEL}|方面|领域|申请"
# 通过区网站公开230条,通过省网站公开137条: each is a part of what nobody summed up.
_BY_CHANNELS = r"[,;、](?:同时|另外?|并)?(?:通过|在|利用|依托|经)[^,;。\d]{0,40}"
_ALONE = rf"(?!{_BY_CHANNELS}(?:公开|发布)[^,;。\d]{{0,20}}\d)"
_FIRST = rf"^(?![\s\S]*\d[条件篇个]{_BY_CHANNELS}$)"
_MADE = r"(?:制作|形成|产生|生成|制发|累计)[^。;]{0,20}信息[^。;\d]{0,10}\d+[条件],其中[^,;。]*$"
_HEAD_OF_DISCLOSED = r"主动公开(?:政府|政务)?(?:信息)?(?:的)?(?:工作)?(?:的)?情况[。:\n][^。;]*$"
"""The noun stands in the head of the line, its number in the next sentence."""
DISCLOSED = (
    rule(
        "n_items_disclosed", ITEMS, rf"主动(?:向社会|新增)?{PUBLISH}{INFO}{END}", veto=rf"{_NO_CHANNEL}|领域",
        before="主动",
        finds=("本镇主动公开政府信息[910]条,其中机构职能信息26条、财政信息132条。",
               "主动公开政府信息达[31]条，没有依申请公开及不予公开的信息类型。",
               "主动公开海关政府信息[63]条。", "主动公开政府信息件数为[127]件。",
               "主动公开涉及疫情防控、社会救助等方面信息[423]条。",
               "主动新增公开政府信息[77]条,包括工作动态60条、其他应主动公开的信息17条。",
               "全年主动公开各类审计信息[96]条。"),
        leaves=("依申请和主动公开政府信息12条。",),
    ),
    rule(
        "n_items_disclosed", ITEMS, rf"主动{PUBLISH}{END}", _INFO_NEXT, veto=_NO_CHANNEL, before="主动",
        finds=("本局主动公开[52]条政府信息。",),
        leaves=("政务新媒体平台主动公开52条政府信息。", "主动公开52条栏目。"),
    ),
    rule(
        "n_items_disclosed", ITEMS, rf"信息主动{PUBLISH}{END}", r"^(?=[,;。(]|$)", veto=_NO_CHANNEL, rank=1,
        before="主动",
        finds=("我镇信息主动公开[77]条。",),
        leaves=("我镇依申请信息主动公开77条。", "我镇信息主动公开77条目录。"),
    ),
    rule(
        "n_items_disclosed", ITEMS, _MANY + rf"(?:主动)?{PUBLISH}{INFO}{END}", veto=rf"{_NOT_TOTAL}|^[^网]*$",
        rank=1, before="等",
        finds=("共通过网站、微信、微博等平台公开各类信息[1988]条。",),
        leaves=("其中在网站、微信、微博等平台公开各类信息1988条。",),
    ),
    rule(
        "n_items_disclosed", ITEMS,
        rf"^其中(?:本年度?|20\d{{2}}年度?|属于?)?(?:共|新增)?主动公开的?{INFO}{END}", context=_MADE, rank=1,
        before="其中",
        finds=("全年制作政府信息90条，其中主动公开信息数为[58]条，依申请公开信息数24条，不予公开信息数8条。",
               "历年累计主动公开信息数为900条，其中2022年度主动公开信息数为[60]条。",
               "制作信息40条，其中主动公开信息数[31]条，占比78%；依申请公开信息数9条，占比22%。"),
        leaves=("收到群众来信90件，其中主动公开信息58条。",),
    ),
    rule(
        "n_items_disclosed", ITEMS, rf"^其中(?:本年度?|20\d{{2}}年度?)(?:新增|新公开){END}",
        context=r"主动公开[^。;\d]{0,24}\d+[条件],其中[^,;。]*$", rank=1, before="其中",
        finds=("累计主动公开政府信息900条，其中2022年新增[60]条。",),
        leaves=("办理群众来信900件，其中2022年新增60条。",),
    ),
    rule(
        "n_items_disclosed", ITEMS, rf"主动[^,;。”]{{0,24}}?{PUBLISH}{INFO}{END}", rf"^{_ALONE}",
        veto=_NOT_TOTAL, context=_FIRST, rank=2, before="主动",
        finds=("依托公告栏主动公开本级信息[64]条。", "通过政务网和本委公众号主动公开各类信息[40]条。"),
        leaves=("依托公告栏主动公开本级信息64条，利用广播公开信息5条。",),
    ),
    rule(
        "n_items_disclosed", ITEMS, rf"{PUBLISH}(?:各类)?(?:政府|政务)(?:公开)?信息(?:公开)?{END}",
        veto=_NO_CHANNEL, rank=3, before="信息",
        finds=("全年发布政府信息[310]条。", "公开政府信息共[3.7万]条。"),
        leaves=("通过新闻媒体发布政府信息5300条。", "依申请公开政府信息310条。"),
    ),
    rule(
        "n_items_disclosed", ITEMS, rf"向社会{PUBLISH}{INFO}{END}", veto=_NO_CHANNEL, rank=3, before="向社会",
        finds=("及时向社会发布预算、决算等信息[45]条。",
               "通过网站等平台,及时向社会公开文件、会议、民生等政府信息共计[450]条。"),
        leaves=("其中向社会发布预算、决算等信息45条。",),
    ),
    rule(
        "n_items_disclosed", ITEMS,
        rf"^[^,;。]{{0,16}}(?:共计?|累计|总计|合计|全[年镇乡街县区市局])公开(?:各类)?信息{END}",
        veto=_NOT_ALL, rank=4, before="信息",
        finds=("我局累计公开各类信息[930]条。", "截至年底,全镇公开各类信息[347]条。",
               "全年共公开信息[52]条,涉及预算和规划。", "全年共计公开各类信息[58]条。",
               "全街公开信息总数为[10]条。"),
        leaves=("门户网站、政务新媒体和主流媒体共公开信息6300条。",
                "利用广播、报纸和微信群等其他方式累计公开信息22条。"),
    ),
    rule(
        "n_items_disclosed", ITEMS, r"^[^,;。]{0,16}公开(?:各类)?信息[总共合]计?[为达]?$", veto=_NOT_ALL,
        rank=4, before="信息",
        finds=("我局公开各类信息共计[930]条。",),
        leaves=("教育领域公开各类信息总计930条。",),
    ),
    rule(
        "n_items_disclosed", ITEMS, rf"^[^,;。]{{0,16}}(?:共计?|累计|总计|合计)(?:主动)?公开{END}",
        r"^(?=[,;。(]|$)", veto=_NOT_ALL, context=_HEAD_OF_DISCLOSED, rank=4, before="公开",
        finds=("（一）主动公开情况。全年累计公开[35]条。",),
        leaves=("三、队伍建设情况。全年累计公开35条。",),
    ),
    rule(
        "n_items_disclosed", ITEMS, rf"{PUBLISH}{END}", _INFO_NEXT, veto=_NO_CHANNEL, rank=3, behind="信息",
        finds=("累计发布了[113]条信息。",),
        leaves=("在微博发布了111条信息。", "本街道公开了111条信息公开申请。"),
    ),
    rule(
        "n_items_disclosed", ITEMS, rf"主动公开的?(?:相关)?内容{END}", veto=_NOT_ALL, rank=3, before="内容",
        finds=("本乡主动公开内容共[27]条，包括机构职能2条。", "依法主动公开相关内容[52]条。"),
        leaves=("其中主动公开内容共27条。",),
    ),
    rule(
        "n_items_disclosed", ITEMS, rf"(?:公开|发布)信息总[数量]{END}", veto=rf"{_NO_CHANNEL}|累计", rank=3,
        before="信息总",
        finds=("本局发布信息总量[10]条。",),
        leaves=("截止2010年末，累计公开信息总数7条。",),
    ),
)  # fmt: skip
_OF_NORMATIVE = r"规范性文件(?:(?!规章)[^。]){0,32}$"
DOCUMENTS = (
    rule(
        "n_interpretations", ITEMS,
        rf"(?:政策解读?|解读)类?(?:信息|材料|稿件?|文章|文件|产品|文本)?(?:发布|公开)?{END}",
        veto="[、和及与](?:政策)?解读[^,;。]{0,6}$", before="解读|政策解",
        finds=("发布政策解读材料[35]篇。", "发布政策解读类信息[14]条。"),
        leaves=("发布行政公文和政策解读信息9条。",),
    ),
    rule(
        "n_interpretations", ITEMS, rf"(?:发布|公开|制作|推出|编发|解读){END}",
        r"^(?:政策)?解读(?:信息|材料|稿件|文章|文件)", behind="解读",
        finds=("全年发布[24]篇解读文章。",),
        leaves=("全年发布24篇文章，均有解读。",),
    ),
    rule(
        "n_press_conferences", _EVENTS, rf"新闻发布(?:会|活动)[”\"]?{END}", veto="其中", before="新闻发布",
        finds=("组织开展“新闻发布会”[12]期。", "本年，某局召开新闻发布会[3]场。"),
        leaves=("其中主持新闻发布会3场。",),
    ),
    rule(
        "n_press_conferences", _EVENTS, r"(?:举办|召开|举行|组织)[数量总共计累了]{0,4}$",
        r"^[^,;。\d]{0,10}新闻发布(?:会|活动)", veto="其中", behind="新闻发布",
        finds=("全年举办[19]场新闻发布会。", "本年，某局召开[三]次新闻发布会。第二次会议后走访两次。"),
        leaves=("全年举办19场培训，筹备新闻发布会。", "其中举办19场新闻发布会。"),
    ),
    rule(
        "n_regulations_disclosed", ITEMS, rf"公开[^,;。]{{0,20}}(?<!行政)规章{END}", before="规章",
        finds=("主动公开省政府规章[15]件。",),
        leaves=("公开本级行政规章13件。",),
    ),
    rule(
        "n_normative_issued", ITEMS, rf"(?:制定|制发|印发|出台|制作|新发)[^,;。]{{0,12}}规范性文件{END}",
        veto="废止|有效|累计制", before="规范性",
        finds=("全年制定行政规范性文件[6]件。",),
        leaves=("全年制定规范性文件清理意见并废止规范性文件6件。",),
    ),
    rule(
        "n_normative_issued", ITEMS, r"(?:制定|制发|印发|出台|制作)(?:了)?$", r"^(?:行政)?规范性文件",
        behind="规范性",
        finds=("本年出台[4]件行政规范性文件。",),
        leaves=("本年出台4件文件，含规范性文件清理结果。",),
    ),
    rule(
        "n_normative_issued", ITEMS, rf"规范性文件(?:制定|制发|印发|出台|发布){END}", veto="废止|有效|解读",
        before="规范性",
        finds=("行政规范性文件制发[5]件。",),
        leaves=("解读行政规范性文件发布5件。",),
    ),
    rule(
        "n_normative_repealed", ITEMS, rf"(?:废止|宣布失效)[^,;。]{{0,12}}规范性文件{END}", veto="修改",
        before="规范性",
        finds=("宣布失效行政规范性文件[3]件。",),
        leaves=("修改和废止行政规范性文件3件。",),
    ),
    rule(
        "n_normative_repealed", ITEMS, r"(?:废止|失效)(?:了)?$", r"^(?:行政)?规范性文件", behind="规范性",
        finds=("本年废止[2]件行政规范性文件。",),
        leaves=("本年废止2件公文，未涉及规范性文件。",),
    ),
    rule(
        "n_normative_repealed", ITEMS, rf"^(?:其中)?(?:废止|宣布失效)(?:了)?{END}", context=_OF_NORMATIVE,
        before="废止|失效",
        finds=("清理规范性文件，其中废止[7]件。",),
        leaves=("清理合同文本，其中废止7件。",),
    ),
    rule(
        "n_normative_in_force", ITEMS, rf"^(?:其中)?现行有效的?{END}", context=_OF_NORMATIVE, before="有效",
        finds=("清理规范性文件，现行有效[23]件。",),
        leaves=("清理合同文本，现行有效23件。",),
    ),
    rule(
        "n_normative_in_force", ITEMS, rf"现行有效的?[^,;。]{{0,10}}规范性文件{END}", before="有效",
        finds=("本机关现行有效的行政规范性文件[18]件。",),
        leaves=("本机关现行有效的合同18件，附规范性文件目录。",),
    ),
)  # fmt: skip
