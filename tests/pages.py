"""One text in the templates of several kinds of sites: what stands around it, and how it is marked up, differ."""

from __future__ import annotations

TEXT = {
    "Bakeries": [
        "The bakery in Orto has 9 ovens, and the council paid €2,500 for flour in 2019. Its keeper said that four of them were cold in spring.",
        "Neighbours seldom buy from the new bakers, a miller told the visitors. They talk, and no shop will take their bread.",
    ],
    "Fines": [
        "Inspectors wrote seven fines last year. Two were paid, and one baker closed.",
        "A clerk said that bakers are slow to complain, since those who fined them live next door.",
    ],
}


def _text(heading: str, paragraph: str = "<p>{}</p>", between: str = "") -> str:
    parts = []
    for title, paragraphs in TEXT.items():
        parts.append(heading.format(title, title.lower()))
        parts.append(between.join(paragraph.format(words) for words in paragraphs))
    return "\n".join(parts)


CONTENTS = "".join(f'<li><a href="#{title.lower()}">{title}</a></li>' for title in TEXT)

PAGES = {
    "landmarks": f"""<!DOCTYPE html><html lang="en"><head><title>Orto</title><script>var a = "<p>Fines</p>";</script></head><body>
<div role="dialog" aria-label="cookies"><h2>We value your choices</h2><p>We use cookies to count our visitors and to make the pages quicker for all of them.</p></div>
<header><h1>Council of Bakers</h1><nav><ul><li><a href="/a">Recipes</a></li><li><a href="/b">Prices and fines of flour</a></li></ul></nav></header>
<main><h1>Visit to Orto</h1><nav aria-label="Contents"><ol>{CONTENTS}</ol></nav>{_text('<h2 id="{1}">{0}</h2>')}
<section aria-labelledby="r"><h2 id="r">Related reports</h2><ul><li><a href="/r1">Ovens of the north</a></li><li><a href="/r2">Bread in Lenta</a></li></ul></section></main>
<aside><h2>Latest news</h2><p>The council of bakers meets on the ninth of June in the hall beside the mill.</p></aside>
<footer><p>The text may be used by anyone under the licence of the council of bakers.</p></footer></body></html>""",
    "nameless": f"""<html><body><div class="x1"><div class="k2"><a href="/">Start</a> <a href="/m">Mills</a> <a href="/o">Ovens</a></div></div>
<div class="x1"><div class="k3"><div class="k9"><h1>Visit to Orto</h1><div class="q1"><a href="#">Post it</a><a href="#">Mail it</a></div>
{_text('<div class="h7"><h2>{0}</h2></div>', '<div class="p4">{}</div>')}</div></div><div class="k4"><div class="t1">Most read</div>
<ul><li><a href="/1">Seven ways to save flour in a hard winter</a></li><li><a href="/2">Why ovens crack</a></li></ul></div></div>
<div class="x1"><div class="k8">© 2019 The Baker's Post. All rights reserved.</div></div></body></html>""",
    "layout tables": f"""<html><body bgcolor=white><table width=100%><tr><td colspan=2><font size=5>The Baker</font> <a href=i.htm>Index</a> <a href=l.htm>Letters</a></td></tr>
<tr><td width=150 valign=top><a href=1.htm>Ovens</a><br><a href=2.htm>Mills</a><br><a href=3.htm>Prices of bread and flour</a></td><td valign=top><h2>Visit to Orto</h2>
{_text("<h3>{0}</h3>", "{}", "<br><br>")}</td></tr><tr><td colspan=2><small>Copyright 2001 The Baker. All rights reserved.</small></td></tr></table></body></html>""",
    "bold headings": f"""<html><head><style>.c1{{font-weight:700}}.c2{{display:none}}</style></head><body><p class="c1"><span>Visit to Orto</span></p>
<p class="c2">This line is hidden from those who read the page in a browser of any kind.</p>
{_text('<p><span class="c1">{0}</span></p>', '<p><span class="c3">{}</span></p>')}</body></html>""",
    "weblog": f"""<html><body class="single has-sidebar"><div id="wrapper"><div id="site-header"><p class="tagline">News of all who bake and mill</p></div>
<ul class="mainMenu"><li><a href="/">Home</a></li></ul><div class="post hentry"><h2 class="postTitle">Visit to Orto</h2>
<p class="postMeta">Posted by the miller on 3 May 2019</p><div class="postBody">{_text("<h4>{0}</h4>", between='<div class="promoBox"><p>Win a year of flour: send the crust of your best loaf to the mill before June.</p></div>')}
<div class="shareButtons"><span>Share</span><a href="#">Here</a></div></div></div>
<div class="commentsArea"><h4>2 responses</h4><p>What a fine report, I bought my bread there when I was a child and it was good.</p></div></div></body></html>""",
    "export": f"""<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "x"><html xmlns="http://www.w3.org/1999/xhtml"><body>
<h1 class="title">Visit to Orto</h1><p><b>Table of contents</b></p><ul>{CONTENTS}</ul>{_text('<h2 id="{1}">{0}</h2>')}</body></html>""",
    "blocks": f"""<html><body class="path-node page-node-type-report"><div class="dialog-off-canvas-main-canvas"><header role="banner"><div class="region region-header"><a href="/">Agency</a></div></header>
<div class="region region-breadcrumb"><div class="block block-system"><ol><li><a href="/">Home</a></li><li>Visit to Orto</li></ol></div></div>
<div class="layout-content"><div class="region region-content"><div class="block block-page-title"><h1>Visit to Orto</h1></div><article class="node node--type-report"><div class="node__meta">Published: 3 May 2019</div><div class="node__content"><div class="field field--name-body">{_text("<h2>{0}</h2>")}</div>
<div class="field field--name-field-tags"><div class="field__label">Tags</div><div class="field__item"><a href="/t/1">Bread</a></div></div></div></article><div class="views-element-container"><h2>See also</h2><div class="view-content"><div class="views-row"><a href="/x">Ovens of the north</a><p>A summary of the report about the ovens in the north of the land.</p></div></div></div></div></div>
<footer role="contentinfo"><p>Agency for bread, Mill Lane 4, Orto. Tel. 555 0199. All visits need an appointment made by letter.</p></footer></div></body></html>""",
    "soup": f"""<html><body><div><div><p>This website uses cookies so that the pages load faster for every visitor.</p><button>OK</button></div></div><div><div><ul><li><a href=a>One</a></li><li><a href=b>Two</a></li></ul></div><div><h1>Visit to Orto</h1>{_text("<h2>{0}</h2>")}</div></div><div><p>Council of Orto, Mill Lane 4. All rights reserved. Terms of use apply to these pages.</p></div></body></html>""",
    "magazine": f"""<html><body><article><h1>Visit to Orto</h1><p>By A Miller, 3 May 2019</p>{_text("<h2>{0}</h2>", between='<div class="ad-slot"><p>Buy the new oven of the year, now with two doors and a lamp inside.</p></div>')}<aside class="pullquote">They talk, and no shop will take their bread.</aside><h2>Related stories</h2><ul><li><a href=1>Flour is dear</a></li></ul><h2>Comments (2)</h2><p>Good bread, said a reader who lives in the street behind the mill.</p></article></body></html>""",
    "frame of tables": f"""<HTML><BODY BGCOLOR="#FFFFFF"><TABLE BORDER=0 WIDTH=760><TR><TD COLSPAN=3><A HREF="/">HOME</A> | <A HREF="/r.html">REPORTS</A></TD></TR>
<TR><TD WIDTH=140 VALIGN=TOP><B>Towns</B><BR><A HREF="a">Alta</A><BR><A HREF="b">Benda</A></TD><TD WIDTH=480 VALIGN=TOP><P><FONT SIZE=5><B>Visit to Orto</B></FONT></P>
{_text("<P><FONT SIZE=4><B>{0}</B></FONT></P>", '<P><FONT FACE="Arial" SIZE=2>{}</FONT>')}</TD><TD WIDTH=140><B>News</B><BR>The bakers will meet on the first of May in the old hall of the mill.<BR><A HREF=m>more</A></TD></TR>
<TR><TD COLSPAN=3>Last changed on 4 June 2003 by the webmaster of the bakers.</TD></TR></TABLE></BODY></HTML>""",
    "nameless with a side and a foot": f"""<html><body><div id="root"><div class="css-a1"><div class="css-k3"><a href="/">Bakers</a><a href="/x">Topics</a></div>
<div class="css-zz"><div class="css-z2"><span>Report</span><h1>Visit to Orto</h1><div><span>12 May 2018</span><span> · 4 min read</span></div>{_text("<div><h2>{0}</h2></div>", '<div class="css-p"><span>{}</span></div>')}</div>
<div class="css-q"><div>You might also like</div><a href=1><div>Mills of the south</div><div>How the mills of the south were paid for by a lottery.</div></a></div></div>
<div class="css-f"><a href=p>Privacy</a><div>Made with care in Orto by people who eat bread.</div></div></div></div></body></html>""",
    "wiki": f"""<html><body><div id="content"><h1>Visit to Orto</h1><div id="toc" class="toc"><h2>Contents</h2><ul>{CONTENTS}</ul></div>
{_text('<h2><span id="{1}">{0}</span><span class="mw-editsection"><span>[</span><a href="/e">edit</a><span>]</span></span></h2>')}</div><div id="footer"><ul><li>This page was last edited on 3 May 2020, at 10:12.</li></ul></div></body></html>""",
    "appeal": f"""<html><body><div class="announcement-bar"><p>Our appeal for winter: give before the end of December and double it!</p></div><section class="hero"><h1>Visit to Orto</h1></section>
<section><div class="col-8"><figure><img src="a.jpg"><figcaption>Ovens in Orto. Photograph: the council</figcaption></figure>{_text("<h2>{0}</h2>")}<div class="cta"><h3>Support our work</h3><p>Your gift pays for flour and for those who bake at night.</p></div></div>
<div class="col-4"><h3>Contact</h3><p>The council, Mill Street 4, Orto. Open on weekdays from nine to four for all.</p></div></section></body></html>""",
    "bold headings below a title and a date": f"""<html><body><main><h1>Visit to Orto</h1><div>12 March 2019</div><div class="text">{_text("<p><strong>{0}</strong></p>")}</div></main></body></html>""",
    "folded": f"""<html><body><header><nav><a href=x>Home</a></nav></header><main><h1>Visit to Orto</h1>
{_text('<h2><button aria-expanded="false">{0}</button></h2>', '<div class="collapse" aria-hidden="true"><p>{}</p></div>')}</main></body></html>""",
    "offices above, author below": f"""<html><body><main><ul class="logos"><li>Office of Bread</li></ul><header><p>Policy paper</p><h1>Visit to Orto<a href="#orto">¶</a></h1></header>
<div>By the flour desk</div>{_text('<h2 id="{1}">{0}<a class="mark" href="#{1}">¶</a></h2>')}<ul class="links inline"><li><a href=c>Log in to comment</a></li><li>231 reads</li></ul></main></body></html>""",
}  # fmt: skip
