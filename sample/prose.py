"""The prose of a report, in words of our own, with the numbers that it says."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from sample.codebook import codes, generation_of, notice
from sample.figures import Figures
from sample.places import Body, Kind

Statements = dict[str, int | float]
"""What the prose says, by the statement codes of the parsers."""

TITLES = (
    ("一", "总体情况"),
    ("二", "主动公开政府信息情况"),
    ("三", "收到和处理政府信息公开申请情况"),
    ("四", "政府信息公开行政复议、行政诉讼情况"),
    ("五", "存在的主要问题及改进情况"),
    ("六", "其他需要报告的事项"),
)
"""The numbers and titles of the six sections that the form prescribes."""

_MANAGEMENT = (
    "（三）政府信息管理情况。健全信息发布审核流程，发布前逐条核对来源与内容，定期清理失效信息，做到底数清、去向明。",
    "（三）政府信息管理情况。坚持先审后发、一事一审，落实专人登记台账，对历史信息开展两轮复核，及时更正错漏。",
    "（三）政府信息管理情况。修订信息公开目录，细化公开属性认定要求，文件起草时同步明确是否公开以及公开方式。",
)
_PLATFORM = (
    "（四）平台建设情况。优化网站专栏布局，改进站内检索，方便群众查找；政务新媒体保持日常更新，运行平稳。",
    "（四）平台建设情况。在办事大厅设置查阅点，配备自助终端和纸质资料，线上线下同步提供查询服务。",
    "（四）平台建设情况。完成公开专栏适老化改造，栏目名称统一规范，链接逐一检查，页面打开速度明显提升。",
)
_SUPPORT = (
    "（五）监督保障情况。明确分管负责人和经办人员，组织业务学习，把公开工作列入日常检查，发现问题限期改正。",
    "（五）监督保障情况。邀请群众代表走进机关座谈，听取意见建议，逐条回应；全年未发生责任追究情形。",
    "（五）监督保障情况。每季度通报公开情况，与业务工作同部署、同落实，并通过跟班学习提升经办人员能力。",
)
_TABLE_LEAD = (
    "主动公开政府信息的各项数据见下表。",
    "按照统一格式，主动公开情况列表如下。",
    "",
)
_PROBLEMS = (
    "一是个别栏目更新不够及时；二是解读形式比较单一，图表和案例偏少；三是经办人员流动较快，业务衔接不够顺畅。",
    "一是公开内容与群众需求之间还有距离；二是依申请公开答复文书不够规范；三是部分单位重视程度有待提高。",
    "一是信息检索不够便捷；二是政策解读的通俗性不足；三是对基层的指导还不够经常。",
)
_REMEDIES = (
    "下一步，将完善栏目更新提醒办法，丰富解读形式，加强新上岗人员培训，让公开更加及时、易懂、好用。",
    "下一步，将围绕群众关心的事项拓展公开内容，统一答复文书样式，开展专题辅导，补齐短板。",
    "下一步，将改进检索功能，推广问答式解读，采取上门指导等方式，帮助基层提高公开质量。",
)


@dataclass(frozen=True, slots=True)
class Section:
    """One section of a report: its number, its title and its paragraphs (tables stand apart)."""

    number: str
    title: str
    paragraphs: tuple[str, ...]

    @property
    def heading(self) -> str:
        """The heading as printed."""
        return f"{self.number}、{self.title}"

    @property
    def text(self) -> str:
        """The paragraphs, one a line."""
        return "\n".join(self.paragraphs)


def opening(body: Body, year: int) -> str:
    """The paragraph before the first section: the rules, the body, the period of the figures."""
    return (
        f"根据《中华人民共和国政府信息公开条例》和年度报告格式（{notice(generation_of(year))}）的要求，{body.name}编制本报告。"
        f"报告由六个部分组成，所列数据的统计期限为{year}年1月1日至{year}年12月31日。"
    )


def tell(random: Random, body: Body, year: int, figures: Figures) -> tuple[tuple[Section, ...], Statements]:
    """The six sections of a report on `figures`, and the numbers they say."""
    said: Statements = {}
    paragraphs = (
        (
            _disclosure(random, body, year, said),
            _requests(random, figures, said),
            random.choice(_MANAGEMENT),
            random.choice(_PLATFORM),
            random.choice(_SUPPORT),
        ),
        (random.choice(_TABLE_LEAD),),
        (),
        (_suits(random, figures, said),),
        (random.choice(_PROBLEMS), random.choice(_REMEDIES)),
        (_others(random, year, said),),
    )
    sections = tuple(
        Section(number, title, tuple(filter(None, lines)))
        for (number, title), lines in zip(TITLES, paragraphs, strict=True)
    )
    return sections, said


def _we(body: Body) -> str:
    if body.kind is Kind.GOVERNMENT:
        return "全" + body.name.removesuffix("人民政府")[-1]
    if body.kind is Kind.TOWNSHIP:
        return "我" + body.name.removesuffix("人民政府")[-1]
    return {Kind.OFFICE: "本办公室", Kind.DEPARTMENT: "我局"}[body.kind]


def _disclosure(random: Random, body: Body, year: int, said: Statements) -> str:
    website, wechat, articles = random.randint(60, 2400), random.randint(5, 400), random.randint(1, 40)
    said["n_items_disclosed"] = website + wechat
    said["n_website_items"] = website
    said["n_wechat_posts"] = wechat
    said["n_interpretations"] = articles
    return (
        f"（一）主动公开情况。{year}年，{_we(body)}主动公开政府信息{website + wechat}条，其中，"
        f"政府网站公开{website}条，微信公众号公开{wechat}条；发布政策解读{articles}篇。"
    )


def _requests(random: Random, figures: Figures, said: Statements) -> str:
    head = "（二）依申请公开情况。"
    carried_in = int(figures["t3_carried_in__total"] or 0)
    if figures["t3_new_received__total"]:
        return head + random.choice((_by_channel, _by_stage, _by_outcome))(random, figures, said)
    said["n_requests_received"] = 0
    if not carried_in:
        return head + "本年度未收到政府信息公开申请。"
    said["n_requests_carried_in"] = carried_in
    return head + f"本年度未收到政府信息公开申请，上年结转申请{carried_in}件，均已依法答复。"


def _by_channel(random: Random, figures: Figures, said: Statements) -> str:
    new, carried_out = figures["t3_new_received__total"] or 0, figures["t3_carried_out__total"] or 0
    online = random.randint(0, int(new))
    letter = random.randint(0, int(new) - online)
    said |= {
        "n_requests_received": new,
        "n_requests_online": online,
        "n_requests_letter": letter,
        "n_requests_in_person": new - online - letter,
        "n_requests_overdue": 0,
    }
    text = (
        f"全年共收到政府信息公开申请{new}件，其中，网络申请{online}件，信函申请{letter}件，"
        f"当面申请{new - online - letter}件。"
    )
    if not carried_out:
        return text + "已全部办结，无超期情况。"
    said["n_requests_carried_out"] = carried_out
    return text + f"结转下年度继续办理{carried_out}件，无超期情况。"


def _by_stage(_: Random, figures: Figures, said: Statements) -> str:
    new, carried_in = figures["t3_new_received__total"] or 0, figures["t3_carried_in__total"] or 0
    done, carried_out = figures["t3_result_total__total"] or 0, figures["t3_carried_out__total"] or 0
    said |= {
        "n_requests_handled": new + carried_in,
        "n_requests_received": new,
        "n_requests_carried_in": carried_in,
        "n_requests_concluded": done,
        "n_requests_carried_out": carried_out,
    }
    return (
        f"共办理政府信息公开申请{new + carried_in}件（其中本年度新收{new}件，上年结转{carried_in}件），"
        f"已办结{done}件，结转下年度{carried_out}件。"
    )


def _by_outcome(_: Random, figures: Figures, said: Statements) -> str:
    new, natural = figures["t3_new_received__total"] or 0, figures["t3_new_received__natural"] or 0
    granted, partial = figures["t3_granted__total"] or 0, figures["t3_partial__total"] or 0
    said |= {
        "n_requests_received": new,
        "n_requests_natural": natural,
        "n_granted": granted,
        "n_partial": partial,
    }
    return (
        f"收到公众提出的政府信息公开申请{new}件，其中自然人申请{natural}件。从办理结果看，"
        f"予以公开{granted}件，部分公开{partial}件，其余均依法作出相应答复。"
    )


def _suits(random: Random, figures: Figures, said: Statements) -> str:
    if random.random() < 0.5:
        return ""
    reviews = figures["t4_review_total"] or 0
    suits = (figures["t4_direct_suit_total"] or 0) + (figures["t4_post_review_suit_total"] or 0)
    said |= {"n_reviews": reviews, "n_suits": suits}
    if not reviews and not suits:
        return "本年度未发生因政府信息公开工作引起的行政复议、行政诉讼。"
    return f"本年度因政府信息公开工作引起的行政复议{reviews}件，行政诉讼{suits}件。"


def _others(random: Random, year: int, said: Statements) -> str:
    if "t3_other_no_payment__total" not in codes(
        generation_of(year)
    ):  # fees came with the rows that count them
        return "本年度没有其他需要报告的事项。"
    fee = random.choice((0, 0, 120, 380, 1060))
    said["n_processing_fee_yuan"] = fee
    if not fee:
        return "本年度未收取信息处理费，没有其他需要报告的事项。"
    return f"依照信息处理费管理规定，本年度收取信息处理费{fee}元，没有其他需要报告的事项。"
