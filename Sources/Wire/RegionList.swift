import Geometry

/// Codes of what can be wrong with regions.
enum RegionFault: String, CaseIterable {
    /// No array, no object, no box of four numbers, or another member of the wrong kind.
    case type = "regions.type"
    /// A list without an element.
    case empty = "regions.empty"
    /// A box without area.
    case noArea = "regions.no_area"
    /// More than ``PostPicture/mostRegions``.
    case tooMany = "regions.too_many"
    /// Regions of no picture.
    case noPicture = "regions.no_picture"
    /// Regions of the post and of its first picture.
    case twice = "regions.twice"
}

/// Takes the regions of one list as they are read. It holds few of them whatever the list's length, and counts the others.
struct RegionList {
    /// A region whose texts have not been decoded: where these begin.
    struct Region {
        var box: PixelBox
        var score: Float?
        var label: Int?
        var text: Int?
    }

    private struct Placed {
        var place: Int
        var region: Region
        /// One without a score comes behind all that have one.
        var rank: Float { region.score ?? -1 }
    }

    /// How often one thing was wrong, and what it was the first time.
    private struct Tally {
        var count = 0
        var first: String?

        mutating func add(_ message: () -> String) {
            count += 1
            if first == nil { first = message() }
        }
    }

    private var placed: [Placed] = []
    private var count = 0
    private var usable = 0
    private var hasScores = false
    private var wrong = Tally()
    private var leftOut = 0
    private var flat = Tally()

    /// An element of which nothing is used; `message` goes on after "region N".
    mutating func leaveOut(_ message: @autoclosure () -> String) {
        let place = count
        wrong.add { "region \(place) \(message())" }
        leftOut += 1
        count += 1
    }

    /// An element with a box. Of what is wrong with its other members, `fault` is the first, in words that go on after
    /// "region N".
    mutating func add(_ region: Region, fault: String?) {
        let place = count
        count += 1
        if let fault { wrong.add { "region \(place) \(fault)" } }
        guard region.box.area > 0 else { return flat.add { "region \(place) has no area" } }
        usable += 1
        if region.score != nil { hasScores = true }
        placed.append(Placed(place: place, region: region))
        // Now and then, so that each costs little.
        if placed.count == 2 * PostPicture.mostRegions { cut() }
    }

    /// The regions to keep, in the feed's order.
    var regions: [Region] {
        var list = self
        list.cut()
        return list.placed.map(\.region)
    }

    /// What was wrong, code by code, in words; `picture` is how a message names the picture whose list this is, if it is
    /// not the post's.
    func faults(of picture: String?) -> [(fault: RegionFault, message: String)] {
        let place = picture.map { "in \($0), " } ?? ""
        let regions = count == 1 ? "1 region" : "\(count) regions"
        var faults: [(RegionFault, String)] = []
        if count == 0 { faults.append((.empty, "\(place)the list of regions is empty")) }
        if let first = wrong.first {
            let whole = leftOut > 0 ? ["\(leftOut)"] : []
            let parts = wrong.count > leftOut ? ["parts of \(wrong.count - leftOut)"] : []
            let lost = (whole + parts).joined(separator: " and ")
            faults.append((.type, "\(place)\(first) (\(lost) of \(regions) left out)"))
        }
        if let first = flat.first {
            faults.append((.noArea, "\(place)\(first) (\(flat.count) of \(regions) left out)"))
        }
        if usable > PostPicture.mostRegions {
            let which =
                hasScores ? "\(PostPicture.mostRegions) with the highest scores" : "first \(PostPicture.mostRegions)"
            faults.append((.tooMany, "\(place)\(usable) regions, of which the \(which) are looked at"))
        }
        return faults
    }

    /// Keeps the most that are kept: those with the highest scores, of equal ones the first.
    private mutating func cut() {
        guard placed.count > PostPicture.mostRegions else { return }
        placed.sort { ($1.rank, $0.place) < ($0.rank, $1.place) }
        placed.removeLast(placed.count - PostPicture.mostRegions)
        placed.sort { $0.place < $1.place }
    }
}
