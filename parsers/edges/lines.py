"""What one line of a page is by itself: a head of a report, a sentence, what sites say by convention, or
nothing known.

The words are those of the form (国办公开办函〔2021〕30号 and its predecessors) and of the parts that
政府网站发展指引 (国办发〔2017〕47号) prescribes for a page of any site: counters, tools, particulars, foot.
All take a line that is `compact`: without white space, its signs and digits in their plain form.
"""

from __future__ import annotations

import re

from parsers.sections import is_head_of_form

_LONGEST_NUMBERED = 60
_LONGEST_CONVENTION = 120
"""A longer line that begins with words of convention says something about them."""
_FEWEST_OF_SENTENCE = 12
_FEWEST_OF_STATEMENT = 16
_SENTENCE = re.compile(r"[。;!?]|,.*,|[:,]$")
_ENDS = re.compile(r"[。;!?][”\"』」)]?$")
_NUMBERED = re.compile(r"第?[一二三四五六七八九十]{1,3}(?:部分[、.,:]?|[、.,:])\S")
_BRANCH = re.compile(
    r"[(]?\d{1,2}[)、.](?!\d)|[一二三四五六七八九十]是|[(][一二三四五六七八九十]{1,3}[)]|[①-⑳★●■◆•]"
)
_CONTINUES = re.compile(
    r"特此(?:报告|公告|公布|说明)|附[件表录注]|[备附]?注[:\d]|说明:|(?:名词|术语|指标)(?:解释|说明)|联系(?:人|方式|电话|地址|单位|部门)|咨询电话"
    r"|办公(?:地址|时间|地点)|[本此](?:年度)?报告.{0,12}(?:电子版|全文|下载|网站|查阅|联系|由)"
    r"|如果?您?[对有].{0,40}(?:疑问|联系|咨询)|(?:通讯|通信|单位|联系)?地址:|邮政?编码?:|(?:联系)?电话:|传真:"
    r"|电子邮(?:箱|件)|E-?mail|网址:|\(?联系"
)
_DATE = re.compile(
    r"[(]?(?:20\d\d|[二2][〇○零O0一二三四五六七八九]{3})(?:年[\d一二三四五六七八九十]{1,3}月(?:[\d一二三四五六七八九十]{1,3}日)?"
    r"|[-./]\d{1,2}[-./]\d{1,2})[)]?"
)
_LONGEST_SIGNATURE = 60
_SIGNATURE = re.compile(rf"[^,.;:。;!?、\d]*{_DATE.pattern}")
_CONTACT = re.compile(
    r"联系|咨询电话|办公(?:地址|时间|地点)|(?:通讯|通信|单位)?地址:|邮政?编码?:|电话:|传真:|电子邮(?:箱|件)|E-?mail|网址:",
    re.I,
)
_READ = r"(?:浏览|阅读|点击|访问|点阅|查看)"
_TIMES = r"(?:次数|人数|总数|总量|率|量|数|人次)?(?:统计)?[:(\[【\d]"
_COUNTER = (
    rf"您是.{{0,8}}第|第\d+位|\d*位?(?:访客|访问者|来访者|浏览者)|(?:[本该]?[文页站]|文章|信息|网站|页面|总|今日|累计|当前|在线)?(?:已被|被|已)?{_READ}{_TIMES}"
    rf"|(?:[本该此][文页]章?)?(?:已有|共有?)?\d+(?:人次|人|次){_READ}|(?:Hits?|Views?|Clicks?|PV|UV)[:\d]|热度[:\d]|(?:今日|总|累计)访问|(?:当前)?在线人数|人气[:\d]"
)
_TOOLS = (
    r"(?:打印|关闭|返回|收藏|分享|转发|复制|下载|纠错|朗读|播放|保存|推荐)"
    r"(?:[本此该]?[页文章]|窗口|页面|全文|顶部|首页|列表|上一?[级页]|栏目|[到至]|地址|链接|正文|给好友|[:】\])|]|$)"
    r"|(?:顶部|评论|点赞|微信|微博|QQ|TOP)(?:[】\])|]|$)|字[号体](?:大小)?[:\[【(大小]|字[号体]$|[\[【(]?大[\]】)|]*中[\]】)|]*小|[\[【(]?小[\]】)|]*中[\]】)|]*大"
    r"|加入收藏|设为首页|我要纠错|视力保护|背景色|A[+-]|.{0,10}扫[一描码]|.{0,8}二维码|手机(?:查看|阅读|浏览|打开|扫描|访问|版)"
    r"|(?:无障碍|关怀版|长者|适老|语音|简体|繁体|ENGLISH|智能问答|移动版|客户端|RSS)|[返回]{1,2}到?顶部"
)
_PARTICULARS = (
    r"(?:信息|稿件|文章|内容|新闻|消息|发稿|供稿)?(?:来源|作者|编辑|责编|责任编辑|审核人?|审签|校对|[初复终]审|录入|[供撰发]稿(?:单位|部门|人)?|摄影|发布[者人]|编审|签发)[:/]"
    r"|(?:索引号?|信息索引|文号|发文字号|文件编号|统一编号|主题词|关键[词字]|主题分类|信息分类|体裁|组配分类|服务对象|信息类别|公文种类|有效性|时效性?|是否有效"
    r"|公开(?:方式|时限|范围|类别|形式|程序|属性|主体)|内容概述|信息名称|名称|标题|(?:所属)?栏目|概述|(?:内容)?(?:摘要|提要|导读|简介)|核心提示)[:]"
    r"|(?:信息)?(?:发布|发文|成文|公开|制发|制作|生成|印发|更新|编制|生效|失效|废止|发稿|上传|录入|最后更新|修改|页面生成)"
    r"(?:机构|单位|部门|机关|日期|时间|[者人]|主体|文号)?:|日期:|时间:|索引号$|发布(?:机构|日期)$"
)
_LABEL = re.compile(
    r"(?:索引号|信息索引|文号|发文字号|统一编号|主题词|关键[词字]|主题分类|信息分类|体裁|组配分类|服务对象|信息类别|公文种类|有效性|时效性?|公开(?:方式|时限|范围|类别|形式|程序|属性|主体)"
    r"|(?:发布|发文|成文|制发|生成|印发|更新|生效|失效|废止|公开)(?:机构|单位|部门|机关|日期|时间)|内容概述|信息来源):?"
)
"""What a particular is called where its value stands apart."""
_PLACE = (
    r"您?(?:的|当前|现在|目前)?(?:所在|所处)?的?位置(?:[:是为>»›]|$)|当前(?:位置|栏目)|(?:网站)?首页(?:[>»›/\\|→-]|$)|主页[>»›]"
    r"|上一?[篇条页则]|下一?[篇条页则]|[前后]一篇|没有了"
)
_LISTS = (
    r"(?:相关|热点|热门|推荐|最新|最近|近期|延伸|更多|往期|历年|其[他它]|友情|快速|常用|站内|图片|专题|头条|同类|关联|猜你)"
    r"(?:链接|阅读|新闻|文章|文档|信息|附件|报道|稿件|解读|推荐|专题|资讯|内容|动态|公告|关注|政策|服务|搜索|发布|更新|年报|年度报告|报告|栏目|通道|导航|喜欢|排行|要闻|入口|文件)[】\])]?:?$"
    r"|更多[>»]*$|>>"
)
_FOOT = (
    r"版权(?:所有|归|声明)|(?:网站)?(?:主办|承办|协办|主管|维护|运维|建设|开发|管理|运行)(?:单位|方|机构|部门)?:|技术(?:支持|保障)[:由]|.{0,3}ICP备|.{0,3}公网安备"
    r"|(?:政府)?网站标识码|网站地图|关于我们|联系我们|网站(?:声明|帮助|简介|纠错|管理)|(?:隐私|免责|法律)(?:保护|声明|政策|条款)|.{0,6}使用.{0,20}浏览器|.{0,12}分辨率"
    r"|Copyright|COPYRIGHT|©|AllRights|政府网站找错|党政机关$|中文域名|声明:.{0,20}(?:本[网站]|转载)"
)
_GREETING = (
    r"(?:热烈)?欢迎(?:您|光临|访问|来到|进入|使用|关注)|今天是|今日:?20\d\d|现在(?:是|时间)|当前(?:时间|日期)|星期[一二三四五六日天]|.{0,8}℃|农历|您对.{0,16}(?:满意|评价|有用|帮助|意见)|(?:本[页文站]|内容).{0,8}(?:对您)?有(?:帮助|用)吗"
    r"|(?:用户)?(?:登录|注册)|请输入|搜索|热搜|高级(?:搜索|检索)|温馨提示:"
)
_OPENS = r"[\[【(|·]*"
_CONVENTION = re.compile(
    _OPENS + "(?:" + "|".join((_COUNTER, _TOOLS, _PARTICULARS, _PLACE, _LISTS, _FOOT, _GREETING)) + ")"
)
_OF_THE_SITE = re.compile(
    r"本(?:网站|站|网|页面?)(?:内容|信息|所有|由|已|为|支持|提供|刊|转载|发布|欢迎|将|正)|(?:您的|使用|建议|推荐|支持)?.{0,12}浏览器|分辨率|未经.{0,8}(?:授权|许可|同意).{0,12}(?:转载|复制|镜像|使用)|转载"
    r"|注明.{0,10}(?:来源|出处)|免责|侵权|网友|我来说|系统(?:维护|升级)|(?:敬请|请予)谅解|JavaScript|IPv6|点击(?:此处|这里|右侧|左侧|上方|下方|按钮)|足不出户|公益广告|欢迎(?:您|访问|关注|浏览|光临|登录)"
    r"|请.{0,8}(?:登录|注册|下载|点击|扫)"
)
"""What a site says of itself and to its visitors, in whole sentences."""
_STAMP = re.compile(
    r"[\[【(]?20\d\d[-/.]\d{1,2}[-/.]\d{1,2}(?:\d{1,2}:\d\d(?::\d\d)?)?[\])】]?[^。;!?]{0,30}"
)
_COUNTS = re.compile(r"\d")
_TOLD_ABOVE = re.compile(
    r"[(〔\[]?(?:20\d\d|[二2][〇○零O0一二三四五六七八九]{3})(?:年|\d{0,6}[)〕\]])|\d号|报|目录|[—-]{2}"
)
_EVEN_AS_SENTENCE = re.compile(_OPENS + "(?:" + "|".join((_COUNTER, _FOOT, ".{0,10}扫[一描码]")) + ")")
_WITHIN = re.compile(
    rf"{_READ}{_TIMES}|20\d\d[-/.年]\d{{1,2}}[-/.月]\d{{1,2}}日?\d{{1,2}}:\d\d|(?:来源|作者|发布时间|发布日期|字号|字体):"
    "|ICP备|公网安备|版权所有|网站标识码"
)
_OF_A_FOOT = re.compile("ICP备|公网安备|版权所有|网站标识码|Copyright", re.I)
_END = re.compile(_OPENS + "(?:" + "|".join((r"[上下]一?[篇条则]", "[前后]一篇", _FOOT)) + ")")


def is_head(line: str) -> bool:
    """Whether a line is a head of the form, or a short one that is numbered as its heads are."""
    return is_head_of_form(line) or is_numbered(line)


def is_numbered(line: str) -> bool:
    """Whether a line begins with 一、 or 第一部分 as a head does."""
    return len(line) <= _LONGEST_NUMBERED and _NUMBERED.match(line) is not None


def is_sentence(line: str) -> bool:
    """Whether a line says something in a sentence, or is a point of a list of them."""
    long_enough = len(line) >= _FEWEST_OF_SENTENCE
    says = (_SENTENCE if long_enough else _ENDS).search(line)
    return says is not None or _BRANCH.match(line) is not None


def is_convention(line: str) -> bool:
    """Whether a line is one that sites put around any article: a counter, a tool, a particular, a foot."""
    if len(line) > _LONGEST_CONVENTION:
        return False
    if len(line) >= _FEWEST_OF_STATEMENT and _ENDS.search(line):
        return _EVEN_AS_SENTENCE.match(line) is not None
    return any((_CONVENTION.match(line), _WITHIN.search(line), _LABEL.fullmatch(line)))


def is_end(line: str) -> bool:
    """Whether a line stands below every article: the way to the next one, the foot of the site."""
    short = len(line) <= _LONGEST_CONVENTION
    return short and (_END.match(line) is not None or _OF_A_FOOT.search(line) is not None)


def continues(line: str) -> bool:
    """Whether a line is one that the form lets follow its last part: annex, note, glossary, contact, date."""
    return _CONTINUES.match(line) is not None or is_signature(line)


def is_signature(line: str) -> bool:
    """Whether a line is a date, with a name or without one before it."""
    return len(line) <= _LONGEST_SIGNATURE and _SIGNATURE.fullmatch(line) is not None


def is_of_the_site(line: str) -> bool:
    """Whether a sentence beside a report is one that its site says of itself or to its visitors."""
    return _OF_THE_SITE.search(line) is not None


def is_stamp(line: str) -> bool:
    """Whether a line is, or begins with, a date as systems print it."""
    return _STAMP.fullmatch(line) is not None


def may_follow_a_title(line: str) -> bool:
    """Whether a line that is no sentence may stand between a title and the text: with a number only as a
    date, the number of a document or a part of the title."""
    return not is_stamp(line) and (not _COUNTS.search(line) or _TOLD_ABOVE.search(line) is not None)


def may_be_said(line: str) -> bool:
    """Whether a line without a full stop may be a sentence: as long as one, and without a number."""
    return len(line) >= _FEWEST_OF_SENTENCE and not _COUNTS.search(line)


def is_contact(line: str) -> bool:
    """Whether a line says how to reach somebody: at the foot of a site as well as below a report."""
    return _CONTACT.match(line) is not None
