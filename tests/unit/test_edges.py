"""Where a report begins and ends on a page: by its own parts and the markup around them, one idea a test."""

from __future__ import annotations

import json
from itertools import chain
from pathlib import Path

import pytest

from parsers.document import Table
from parsers.edges import within
from parsers.edges.lines import continues, is_convention, is_end, is_head, is_sentence
from parsers.readers import read_documents
from parsers.report import parse

TITLE = "云水县财政局2012年政府信息公开工作年度报告"
LEAD = "根据《中华人民共和国政府信息公开条例》，云水县财政局编制本报告。"
TEXT = {
    "一、概述": ["公开工作由专人经办，目录按时更新。", "全年组织业务学习两次，逐条核对公开的内容。"],
    "二、主动公开政府信息的情况": ["全年主动公开政府信息120条。", "各科室按季度报送应当公开的材料。"],
    "三、存在的主要问题及改进情况": ["个别栏目更新不够及时，今后加强检查。", "解读的形式还比较单一。"],
}
PROSE = [LEAD, *chain.from_iterable((head, *said) for head, said in TEXT.items())]
SIGNED = ["云水县财政局", "2013年1月20日"]
NEWS = "<ul><li><a href='/1.html'>全县安全生产会议召开</a></li><li><a href='/2.html'>中小学招生政策发布</a></li></ul>"
OTHERS = "<div class=tlist><h3>同类信息</h3><ul><li><a href='/3.html'>云水县财政局2011年政府信息公开工作年度报告</a></li></ul></div>"
FOOT = "<div class=foot><p>主办：云水县人民政府</p><p>地址：云水县中山路1号</p></div>"


def paragraphs(*said: str, tag: str = "p") -> str:
    return "".join(f"<{tag}>{one}</{tag}>" for one in said)


def kept(*markup: str) -> list[str]:
    """What is kept of a page with this in its body, below the title."""
    page = f"<html><head><title>年报</title></head><body>{''.join(markup)}</body></html>"
    (document,) = read_documents(page.encode())
    found = [
        "表" if isinstance(block, Table) else "".join(block.text.split()) for block in within(document).blocks
    ]
    return found[found.index(TITLE) + 1 :] if TITLE in found else found


HEAD = (
    f"<div class=nav>{NEWS}</div><div class=path>当前位置：<a href='/'>首页</a> > 年报</div><h1>{TITLE}</h1>"
)


@pytest.mark.parametrize(
    "article",
    [
        f"<div class=x9>{paragraphs(*PROSE)}</div>",
        f"<div class=x9>{'<br>'.join(PROSE)}</div>",
        f"<pre>{chr(10).join(PROSE)}</pre>",
        f"<table><tr><td>{paragraphs(*PROSE)}</td></tr></table>",
        "".join(f"<table><tr><td>{one}</td></tr></table>" for one in PROSE),
        "".join(f'<span style="display:block">{one}</span>' for one in PROSE),
        f"<div class=x9>{paragraphs(*PROSE[:5])}</div><div class=x9>{paragraphs(*PROSE[5:])}</div>",
        paragraphs(LEAD)
        + "".join(f"<section><h2>{head}</h2>{paragraphs(*said)}</section>" for head, said in TEXT.items()),
        paragraphs(*PROSE),
        paragraphs(*PROSE, tag="div"),
    ],
)
def test_a_report_is_found_in_any_markup_without_a_name(article: str) -> None:
    assert kept(HEAD, f"<div class=main>{article}</div>", OTHERS, NEWS, FOOT) == PROSE
    assert kept(HEAD, article, OTHERS, FOOT) == PROSE


@pytest.mark.parametrize(
    "said",
    [
        "您是第1205位访客",
        "浏览次数：88",
        "本文已被阅读12次",
        "【打印本页】【关闭窗口】",
        "字号：大 中 小",
        "扫一扫在手机打开当前页",
        "来源：县财政局　发布日期：2013-01-20",
        "责任编辑：王某",
        "上一篇：没有了",
        "版权所有：云水县人民政府",
        "今天是2013年1月20日 星期日",
    ],
)
def test_what_sites_say_by_convention_is_not_the_reports(said: str) -> None:
    for place in range(len(PROSE) + 1):
        lines = [*PROSE[:place], said, *PROSE[place:]] if place < len(PROSE) else [*PROSE, said]
        if not is_end("".join(said.split()).replace("：", ":")) or place == len(PROSE):
            assert kept(HEAD, paragraphs(*lines)) == PROSE


@pytest.mark.parametrize(
    "said",
    [
        "网站浏览量持续上升，全年达到三万人次，群众反映良好。",
        "搜索功能得到改进，群众查找更加方便。",
        "中小企业扶持政策及时公开，解读材料同步发布。",
        "做好天气、农情等信息的发布工作，方便群众生产。",
        "下载专区增设常用表格。",
    ],
)
def test_a_sentence_about_such_things_is_the_reports(said: str) -> None:
    assert kept(HEAD, paragraphs(*PROSE[:4], said, *PROSE[4:])) == [*PROSE[:4], said, *PROSE[4:]]


def test_a_box_that_floats_in_the_text_is_taken_out_of_it() -> None:
    for box in (f"<div class=ad>{NEWS}</div>", "<div class=tips>本页支持语音服务</div>", OTHERS):
        assert kept(HEAD, f"<div>{paragraphs(*PROSE[:6])}{box}{paragraphs(*PROSE[6:])}</div>") == PROSE


def test_what_the_form_lets_follow_its_last_part_is_kept() -> None:
    for below in (SIGNED, ["附件：指标解释", *SIGNED], ["特此报告。", "云水县财政局　2013年1月20日"]):
        bare = ["".join(one.split()) for one in below]
        assert kept(HEAD, f"<div>{paragraphs(*PROSE)}</div>{paragraphs(*below)}", OTHERS, FOOT) == [
            *PROSE,
            *bare,
        ]
        assert kept(HEAD, f"<div>{paragraphs(*PROSE, *below)}</div>", FOOT) == [*PROSE, *bare]


def test_what_stands_above_goes_on_as_evidence_for_the_heading() -> None:
    particulars = "<table><tr><td>发布机构</td><td>云水县财政局</td></tr></table>"
    bare = f"<h1>2012年政府信息公开工作年度报告</h1>{particulars}{paragraphs(*PROSE[1:])}"
    report = parse(f"<html><body>{bare}</body></html>".encode())
    assert report.issuer == "云水县财政局"
    assert "发布机构" not in report.text


def test_a_copy_for_a_telephone_or_the_printer_is_none() -> None:
    article = f"<h1>{TITLE}</h1><div class=pc>{paragraphs(*PROSE, *SIGNED)}</div>"
    copy = f"<div class=wap><p>{TITLE}</p>{paragraphs(*PROSE, *SIGNED)}</div>"
    only_sentences = copy
    for head in TEXT:
        only_sentences = only_sentences.replace(f"<p>{head}</p>", "")
    for beside in (copy, only_sentences):
        for page in (article + beside, beside + article, f"<div>{article}{beside}</div>"):
            assert kept(page) == [*PROSE, *SIGNED]


@pytest.mark.parametrize(
    "article",
    [
        "".join(f'<div class="p{len(one)}" id="para{at}">{one}</div>' for at, one in enumerate(PROSE)),
        "".join(
            f"<section class=e><section class=c{len(one)}><p>{one}</p></section></section>" for one in PROSE
        ),
        "".join(f"<table><tr><td></td><td>{one}</td></tr></table>" for one in PROSE),
        f"<table>{''.join(f'<tr><td>{one}</td></tr>' for one in PROSE)}</table>",
        "".join(f"<p><a name=m{at}>{one}</a></p>" for at, one in enumerate(PROSE)),
        f"<ul>{paragraphs(*PROSE, tag='li')}</ul>",
    ],
)
def test_what_an_editor_leaves_around_each_paragraph_sets_none_apart(article: str) -> None:
    assert kept(HEAD, f"<div class=main>{article}</div>", OTHERS, FOOT) == PROSE
    assert kept(HEAD, article, OTHERS) == PROSE


def test_a_table_of_blank_values_stays_a_table() -> None:
    rows = "".join(f"<tr><td>{one}</td><td></td></tr>" for one in ("主动公开信息数", "收到申请数"))
    (document,) = read_documents(f"<html><body><p>表</p><table>{rows}</table></body></html>".encode())
    assert any(isinstance(block, Table) for block in document.blocks)


@pytest.mark.parametrize(
    "said",
    [
        "您的浏览器不支持JavaScript，部分功能可能无法使用。",
        "凡注明来源为本网站的稿件，转载时请注明出处。",
        "看完这篇文章，您觉得　有用 12　一般 3",
        "[2013-01-22]",
        "2013-01-22 10:21:03　云水县财政局",
        "Hits：1205",
        "此文章共有 1845 次查看",
    ],
)
def test_what_a_site_says_beside_the_text_is_its_own(said: str) -> None:
    assert kept(HEAD, paragraphs(said, *PROSE)) == PROSE
    assert kept(HEAD, paragraphs(*PROSE, *SIGNED[:0], said)) == PROSE


def test_how_to_reach_the_site_stands_right_above_its_foot() -> None:
    contact, foot = "地址：云水县中山路1号　邮编：836000", "云水县人民政府版权所有"
    assert kept(HEAD, paragraphs(*PROSE, contact, foot)) == PROSE
    own = ["".join(contact.split())]
    assert kept(HEAD, f"<div class=t>{paragraphs(*PROSE, contact)}</div>", f"<p>{foot}</p>") == [*PROSE, *own]


def test_a_line_that_is_no_sentence_is_kept_where_one_follows_or_in_its_row() -> None:
    for below in (["（二）公开形式", "以门户网站为主，公报为辅。"], ["以上各项工作由办公室落实"]):
        assert kept(HEAD, f"<div class=t>{paragraphs(*PROSE, *below)}</div>", FOOT) == [*PROSE, *below]


def test_boxes_of_one_name_below_the_text_are_not_all_the_reports() -> None:
    said = "<div class=box><h4>网友评论</h4><p>写得很详细，希望以后继续公开。</p></div>"
    page = f"<div class=box>{paragraphs(*PROSE)}</div><div class=box>{NEWS}</div>{said}"
    assert kept(HEAD, page) == PROSE


def test_bare_text_goes_on_below_a_float_where_heads_stand_in_boxes() -> None:
    text = "".join(f"<div class=hd>{one}</div>" if one in TEXT else f"{one}<br>" for one in PROSE[:-1])
    assert kept(HEAD, f"<div class=t>{text}<div class=ad>{NEWS}</div>{PROSE[-1]}</div>", FOOT) == PROSE


def test_a_box_with_one_line_beside_boxes_of_the_text_is_not_its_own() -> None:
    halves = f"<div class=a>{paragraphs(*PROSE[:5])}</div><div class=a>{paragraphs(*PROSE[5:])}</div>"
    for said in ("受强冷空气影响，今明两天大风降温，注意防范。", "城区今晚停水检修，附近居民提前储水。"):
        assert kept(HEAD, f"<div class=a>{said}</div>{halves}", FOOT) == PROSE
        assert kept(HEAD, f"{halves}{NEWS}<div class=a>{said}</div>", FOOT) == PROSE
    apart = "".join(f"<div class=a>{one}</div>" for one in PROSE)
    assert kept(HEAD, apart, FOOT) == PROSE


MORE = [f"第{number}季度逐项核对公开目录，补登遗漏的信息，并通报各科室。" for number in "一二三四"]
LONG = [*PROSE[:4], *MORE, *PROSE[4:]]


def test_a_box_among_lines_that_is_called_as_the_one_around_it_floats_there() -> None:
    floats = "<div class=zw>今日夜间到明日白天多云，局部有小雨。</div>"
    assert kept(HEAD, f"<div class=zw>{paragraphs(*LONG[:6])}{floats}{paragraphs(*LONG[6:])}</div>") == LONG
    inner = "".join(f"<div class=zw>{one}</div>" for one in LONG)
    assert kept(HEAD, f"<div class=zw>{inner}</div>") == LONG


def test_a_box_without_a_name_among_lines_that_speaks_of_its_site_floats_there() -> None:
    said = "本网站已支持IPv6访问，欢迎广大网友提出意见。"
    around = f"{paragraphs(*LONG[:6])}<div>{said}</div>{paragraphs(*LONG[6:])}"
    assert kept(HEAD, f"<div class=t>{around}</div>") == LONG
    own = paragraphs(*LONG[:6], said, *LONG[6:], tag="div")
    assert kept(HEAD, f"<div class=t>{own}</div>") == [*LONG[:6], said, *LONG[6:]]


def test_a_box_below_that_begins_with_the_site_is_the_sites() -> None:
    said = "<h4>网友评论</h4><p>写得很详细，希望以后继续公开。</p>"
    assert kept(HEAD, f"<div class=t>{paragraphs(*PROSE)}<div class=t>{said}</div></div>") == PROSE
    served = "<div><p>便民服务</p><p>办事大厅开放时间为工作日，欢迎咨询。</p></div>"
    assert kept(HEAD, f"<div><div>{NEWS}</div><div>{paragraphs(*PROSE)}</div>{served}</div>") == PROSE


def test_a_last_line_without_a_full_stop_goes_on_in_a_box_as_those_above() -> None:
    last = "以上各项工作由局办公室会同法规科落实"
    for around in ("<blockquote><p>{}</p></blockquote>", "<table><tr><td>{}</td></tr></table>"):
        boxes = "".join(around.format(one) for one in (*PROSE, last))
        assert kept(HEAD, f"<div class=t>{boxes}</div>", FOOT) == [*PROSE, last]


def test_text_as_typed_goes_on_below_a_float() -> None:
    one, other = "\n".join(PROSE[:-1]), PROSE[-1]
    floats = "<div class=ad>当前在线10人　今日访问218人次</div>"
    assert kept(HEAD, f"<div class=t><pre>{one}</pre>{floats}<pre>{other}</pre></div>", FOOT) == PROSE


def test_a_summary_is_no_part_of_what_it_sums_up() -> None:
    assert kept(HEAD, f"<div class=zy>摘要：{LEAD[:20]}……</div>", paragraphs(*PROSE)) == PROSE


def test_prose_without_a_head_is_where_most_sentences_stand() -> None:
    said = [one for one in PROSE if "、" not in one[:2]]
    assert kept(HEAD, f"<div class=b>{paragraphs(*said)}</div>", OTHERS, FOOT) == said


def test_a_page_without_a_trace_or_a_report_stays_as_it_is() -> None:
    (text,) = read_documents("\n".join([TITLE, *PROSE]).encode())
    assert within(text) is text
    (menu,) = read_documents(f"<html><body>{NEWS}</body></html>".encode())
    assert within(menu) is menu


def test_sections_keep_what_stands_before_the_first_head_of_the_form() -> None:
    free = ["第一部分 机构情况", "本局内设五个科室，有专人负责公开。", *PROSE[1:]]
    report = parse(f"<html><body><h1>{TITLE}</h1>{paragraphs(LEAD, *free)}</body></html>".encode())
    first, *others = report.sections
    assert (first.number, first.title) == ("", "")
    assert first.text.split("\n") == [LEAD, *free[:2]]
    assert [section.number for section in others] == ["一", "二", "三"]


def test_kinds_of_lines() -> None:
    assert is_head("一、总体情况")
    assert is_head("第二部分主要做法")
    assert is_head("收到和处理政府信息公开申请情况")
    assert not is_head("附件")
    assert is_sentence("(一)加强领导")
    assert continues("联系电话:0990-1234567")
    assert continues("二〇一三年一月二十日")
    assert not is_convention("公开工作由专人经办,目录按时更新。")
    assert not is_convention("大中型企业信息公开")


CASES = Path(__file__).parents[3] / "shared" / "cases" / "pages"


@pytest.mark.skipif(not CASES.exists(), reason="the real pages are not here")
def test_a_real_page_keeps_its_text_and_nothing_around_it() -> None:
    page = CASES / "yichun_bulletin_2022.html"
    assert json.loads(page.with_suffix(".json").read_text("utf-8"))["kind"] == "article"
    (document,) = read_documents(page.read_bytes())
    found = ["".join(block.text.split()) for block in within(document).blocks if not isinstance(block, Table)]
    assert found[0].startswith(("2022年，在市委", "宜春市2022年国民经济"))
    assert any(one.startswith("本公报中财政数据来自") for one in found)
    assert not [one for one in found if "ICP备" in one or "扫一扫" in one or "索引号" in one]
