/// A page of posts. It is written in three parts, so that the posts, which may be many, are in memory once.
package struct PostPage {
    /// Posts on it.
    package private(set) var count = 0
    /// The posts, as they will stand there.
    private var articles: [UInt8] = []

    /// A page without posts yet.
    package init() {}

    /// Adds a post.
    ///
    /// - Parameters:
    ///   - number: its place among the posts of all pages, from 1.
    ///   - types: the types of all pages, which the filter goes by.
    package mutating func add(_ post: PagePost, number: Int, types: inout PageTypes) {
        articles += PostArticle(post: post, number: number).html(&types).markup.utf8
        count += 1
    }

    /// The page, part by part.
    ///
    /// - Parameters:
    ///   - title: what it is called.
    ///   - summary: of all posts, those of other pages included.
    ///   - table: more numbers about them.
    ///   - notices: what has to be known about all of them.
    ///   - links: the pages beside it.
    package func write<Failure>(
        title: String, _ summary: PageSummary, table: HTML = .nothing, notices: [String] = [], links: [PageLink] = [],
        to body: ([UInt8]) throws(Failure) -> Void
    ) throws(Failure) {
        let said = notices.map { "<p class=\"notice\">\($0)</p>\n" as HTML }
        let page = Page(title: title, head: "\(table)\(summary.html)\(said)\(PageLink.list(links))")
        // The form stays in sight: it stands beside the posts, not in what is on top.
        try body(HTML([page.opening, summary.filter]).bytes)
        try body(articles)
        try body(HTML([PageLink.list(links), page.closing]).bytes)
    }
}

/// A link to another page of the same folder.
package struct PageLink: Sendable {
    /// The file.
    package var name: String
    /// What is there.
    package var title: String

    /// A link to a page.
    package init(name: String, title: String) {
        self.name = name
        self.title = title
    }

    /// Links as an element.
    static func list(_ links: [PageLink]) -> HTML {
        let items = links.map { "<a href=\"\($0.name)\">\($0.title)</a>\n" as HTML }
        return items.isEmpty ? .nothing : "<nav class=\"pages\">\(items)</nav>\n"
    }
}
