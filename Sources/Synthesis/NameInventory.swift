package import SystemPackage
import Text
package import Corpora
import Randomness

/// Names of real entities with their types and frequencies, to draw from.
///
/// With fine types (Twitter-FMNERG's) a beach is called like a place, a jersey like a team and a dog like an animal; with
/// coarse ones only, any name of the type will do.
package struct NameInventory: Sendable {
    /// A name, and how often it stands in the data.
    package struct Name: Sendable, Equatable {
        /// Its words.
        package var words: [String]
        /// Its type: one of `TypeInventory.coarse`, of Twitter-FMNERG's, or another name of these.
        package var type: String
        /// How often it is drawn, relative to others.
        package var count: Int

        /// A name from its parts.
        package init(words: [String], type: String, count: Int = 1) {
            self.words = words
            self.type = type
            self.count = count
        }
    }

    /// What a name is wanted for.
    enum Role: Int, CaseIterable, Sendable {
        case man, woman, person, athlete, pet, thing, team, company, organization, settlement, landscape, venue,
            other
    }

    /// Names with the running sum of their counts, for one role.
    private struct Pool: Sendable {
        var names: [[String]] = []
        var sums: [Int] = []

        mutating func add(_ name: Name) {
            names.append(name.words)
            sums.append((sums.last ?? 0) + name.count)
        }
    }

    private let pools: [Pool]

    /// An inventory of these names. Every type of `TypeInventory.coarse` needs one at least.
    package init(_ names: [Name]) throws(DataError) {
        var pools = [Pool](repeating: Pool(), count: Role.allCases.count)
        var fallbacks = [Pool](repeating: Pool(), count: TypeInventory.coarse.count)
        for name in names where !name.words.isEmpty && name.count > 0 {
            guard let type = Self.coarseIndex(of: name.type) else {
                throw DataError("unknown type \(name.type) of “\(name.words.joined(separator: " "))”")
            }
            fallbacks[type].add(name)
            for role in Self.roles(of: name, coarse: type) {
                var name = name
                // How often people are spoken of says nothing of their dogs.
                if role == .pet { name.count = 1 }
                pools[role.rawValue].add(name)
            }
        }
        if let missing = fallbacks.firstIndex(where: \.names.isEmpty) {
            throw DataError("no name of type \(TypeInventory.coarse.names[missing])")
        }
        // Too few to choose from would be learnt by heart.
        for role in Role.allCases where pools[role.rawValue].names.count < 12 {
            pools[role.rawValue] = fallbacks[role.typeIndex]
        }
        self.pools = pools
    }

    /// The words of a name for a role, as often as the data has it.
    func draw(_ role: Role, using random: inout SeededGenerator) -> [String] {
        let pool = pools[role.rawValue]
        guard let total = pool.sums.last else { return [] }
        let target = Int.random(in: 0..<total, using: &random)
        var (low, high) = (0, pool.sums.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if pool.sums[middle] <= target { low = middle + 1 } else { high = middle }
        }
        return pool.names[low]
    }

    // MARK: Types and roles

    /// The coarse type of any type's name: the one of its role.
    private static func coarseIndex(of type: String) -> Int? {
        if let index = TypeInventory.coarse.index(of: type) { return index }
        let role = TypeRole(of: type)
        return TypeInventory.coarse.names.indices.first { role == TypeInventory.coarse.role(of: $0) }
    }

    private static func roles(of name: Name, coarse: Int) -> [Role] {
        let type = TypeInventory.coarse.index(of: name.type).map { TypeInventory.coarse.names[$0] } ?? name.type
        switch TypeInventory.coarse.names[coarse] {
        case "PER":
            var roles: [Role] = type == "athlete" ? [.person, .athlete] : [.person]
            let isMale = GivenNames.isMale(name.words)
            if isMale != false { roles.append(.man) }
            if isMale != true { roles.append(.woman) }
            // Animals go by people's given names, and the few animals of the data would be learnt by heart.
            if isMale != nil, name.words.count == 1 { roles.append(.pet) }
            return roles
        case "LOC":
            switch type {
            case "city", "country", "state", "continent": return [.settlement]
            case "park": return [.settlement, .landscape]
            case "location_other", "road": return [.landscape]
            case "LOC": return [.settlement, .landscape, .venue]
            default: return [.venue]
            }
        case "ORG":
            switch type {
            case "sports_team", "sports_league": return [.team]
            case "company": return [.company, .organization]
            case "ORG": return [.team, .company, .organization]
            default: return [.organization]
            }
        default:
            switch type {
            case "animal": return [.pet]
            case "brand_name_products": return [.thing]
            case "OTHER": return [.thing, .other]
            default: return [.other]
            }
        }
    }
}

extension NameInventory.Role {
    /// The coarse type of names in this role.
    var typeIndex: Int {
        switch self {
        case .man, .woman, .person, .athlete: 0
        case .settlement, .landscape, .venue: 1
        case .team, .company, .organization: 2
        case .pet, .thing, .other: 3
        }
    }
}

// MARK: Reading

extension NameInventory.Name {
    /// What reading throws.
    package typealias ReadingError = DataError

    /// The names in a CoNLL file or data set folder: Twitter-GMNER (`txt/train.txt`) or, with fine types, Twitter-FMNERG
    /// (`txt_fine/train.txt`). Nothing else of the posts is kept.
    package static func read(from path: FilePath) throws(ReadingError) -> [NameInventory.Name] {
        let files = [path, path.appending("txt/train.txt"), path.appending("txt_fine/train.txt")]
        guard let file = files.first(where: { (try? $0.stat())?.type == .regular }) else {
            throw DataError(
                path, "neither a file nor a folder with txt/train.txt or txt_fine/train.txt", kind: .input)
        }
        let data = try CoNLLReader().read(file)
        var counts: [[String]: Int] = [:]
        var order: [(words: [String], type: String)] = []
        for post in data.posts {
            for entity in post.entities {
                let words = Array(post.words[entity.words])
                let type = entity.fineType ?? entity.type
                if counts.updateValue((counts[words + [type]] ?? 0) + 1, forKey: words + [type]) == nil {
                    order.append((words, type))
                }
            }
        }
        return order.map { .init(words: $0.words, type: $0.type, count: counts[$0.words + [$0.type]] ?? 1) }
    }

    /// The names in a table: a line each with type, name and perhaps a count, tabs between.
    package static func readTable(_ path: FilePath) throws(ReadingError) -> [NameInventory.Name] {
        var names: [NameInventory.Name] = []
        for (index, line) in try DataFile.lines(path, mayBeStream: true).enumerated()
        where !line.allSatisfy(\.isWhitespace) {
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
            let words = fields.count > 1 ? WordSplitter.words(in: String(fields[1])).map(\.text) : []
            let count = fields.count == 3 ? Int(fields[2]) : 1
            guard 2...3 ~= fields.count, !words.isEmpty, let count, 1...1_000_000 ~= count else {
                throw DataError(path, line: index + 1, "not a type, a name and perhaps a count with tabs between")
            }
            names.append(.init(words: words, type: String(fields[0]), count: count))
        }
        return names
    }
}
