package io.weft.site

import org.jsoup.nodes.Element

/** What the site shows at one address, without what all pages have around them. */
internal class Page(
    val path: String,
    val title: String,
    val body: Element,
)
