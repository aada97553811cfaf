import SystemPackage
import Text

extension LabelledData {
    /// Throws where posts without entities may be missing and others come twice: nothing tells which one is missing.
    package func requireToldApart() throws(DataError) {
        guard leavesOutEmpty, let post = posts.first(where: { $0.givenID != nil && $0.id.exact != $0.sourceID.exact })
        else { return }
        throw DataError(
            "post \(post.sourceID) comes twice: with a line for each triple, nothing tells which is which; see --emit posts"
        )
    }

    /// Gives each post an id of its own. Feeds hold posts twice, and some have no ids: of posts with the same one, all but
    /// the first get a number behind it, `7~2`, and of those whose id is invented, each that is taken.
    ///
    /// The same posts in the same order get the same ids, so that gold and answers meet.
    mutating func numberRepeatedIDs(of path: FilePath) {
        var taken: Set<ExactString> = []
        let given = Set(posts.compactMap(\.givenID?.exact))
        var next: [ExactString: Int] = [:]
        var repeated: [Int] = []
        // What was given comes before what was made up.
        let order =
            posts.indices.filter { posts[$0].givenID != nil } + posts.indices.filter { posts[$0].givenID == nil }
        for index in order {
            let id = posts[index].id
            if taken.insert(id.exact).inserted { continue }
            if posts[index].givenID != nil { repeated.append(index) }
            var number = next[id.exact] ?? 2
            while given.contains("\(id)~\(number)".exact) || !taken.insert("\(id)~\(number)".exact).inserted {
                number += 1
            }
            next[id.exact] = number + 1
            posts[index].id = "\(id)~\(number)"
        }
        guard let first = repeated.min() else { return }
        notes.append(
            DataNote(
                path, line: posts[first].line,
                "posts whose id was there before, which get a number behind it, as \(posts[first].id): \(repeated.count)"
            ))
    }
}
