import Corpora
import Files
import Pages
import SystemPackage

/// Writes posts as pages: one file, or a folder that has a page for every few thousand posts.
struct ViewWriter {
    /// Where pages go.
    enum Destination {
        /// One file; `-` is standard output.
        case file(FilePath)
        case folder(FilePath)

        /// A name that ends like a page's is a file's.
        init(_ path: String) {
            let path = FilePath(path)
            let isPage = ["html", "htm"].contains(path.extension?.lowercased()) || path == "-"
            self = isPage ? .file(path) : .folder(path)
        }

        /// The folder of the pages, if they have one of their own.
        var folder: FilePath? {
            guard case .folder(let path) = self else { return nil }
            return path
        }
    }

    /// Posts on a page of a folder: as many as browsers scroll well.
    static let postsPerPage = 5000

    private let destination: Destination
    private let title: String
    private var summary = PageSummary()
    /// The page with the summary, which comes last.
    private var first: PostPage?
    private var page = PostPage()
    private var pages = 1

    init(_ destination: Destination, title: String, hasGold: Bool) throws(DataError) {
        self.destination = destination
        self.title = title
        summary.hasGold = hasGold
        guard let folder = destination.folder else { return }
        do throws(FileError) {
            try Folder.create(folder)
        } catch {
            throw DataError(writing: error)
        }
    }

    /// Adds a post.
    mutating func add(_ post: PagePost) throws(DataError) {
        if destination.folder != nil, page.count == Self.postsPerPage {
            try turn(hasNext: true)
            pages += 1
        }
        summary.add(post)
        page.add(post, number: summary.posts, types: &summary.types)
    }

    /// Writes what is left, and tells where to begin; `nil` for standard output.
    mutating func finish(_ notices: [String]) throws(DataError) -> FilePath? {
        switch destination {
        case .file("-"):
            try page.write(title: title, summary, notices: notices) { bytes throws(DataError) in
                do {
                    _ = try FileDescriptor.standardOutput.writeAll(bytes)
                } catch {
                    throw DataError("standard output: \(error)", kind: .output)
                }
            }
            return nil
        case .file(let path):
            try write(page, to: path, notices, [])
            return path
        case .folder(let folder):
            try turn(hasNext: false)
            let path = folder.appending("index.html")
            try write(first ?? page, to: path, notices, links(around: 1, hasNext: pages > 1))
            return path
        }
    }

    /// Puts a full page away. The first one waits: it says what is on all.
    private mutating func turn(hasNext: Bool) throws(DataError) {
        if pages == 1 {
            first = page
        } else if let folder = destination.folder {
            try write(page, to: folder.appending(Self.name(pages)), [], links(around: pages, hasNext: hasNext))
        }
        page = PostPage()
    }

    private static func name(_ page: Int) -> String { page == 1 ? "index.html" : "page-\(page).html" }

    private func links(around page: Int, hasNext: Bool) -> [PageLink] {
        var links: [PageLink] = []
        if page > 2 { links.append(PageLink(name: Self.name(1), title: "first page")) }
        if page > 1 { links.append(PageLink(name: Self.name(page - 1), title: "page before")) }
        if hasNext { links.append(PageLink(name: Self.name(page + 1), title: "next page")) }
        return links
    }

    private func write(
        _ page: PostPage, to path: FilePath, _ notices: [String], _ links: [PageLink]
    ) throws(DataError) {
        do throws(FileError) {
            let file = try AtomicFile(path)
            try page.write(title: title, summary, notices: notices, links: links) { bytes throws(FileError) in
                try file.write(bytes)
            }
            try file.commit()
        } catch {
            throw DataError(writing: error)
        }
    }
}
