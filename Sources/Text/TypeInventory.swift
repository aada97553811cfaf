/// The entity types that a data set or a model knows, in a fixed order.
package struct TypeInventory: Sendable, Equatable {
    /// Names as the data set spells them; a type's index is its place here.
    package let names: [String]
    /// For each type the index of its parent in `parentNames`; `nil` in a coarse inventory.
    package let parents: [Int]?
    /// Names of the coarser types above; empty in a coarse inventory.
    package let parentNames: [String]

    private let indices: [ExactString: Int]

    /// A coarse inventory. Names must differ, also without regard to case, and hold neither white space nor control characters.
    package init(_ names: [String]) throws(TypeInventoryError) {
        try self.init(names: names, parents: nil, parentNames: [])
    }

    /// A fine inventory: parents and their children, in order.
    package init(children: [(parent: String, names: [String])]) throws(TypeInventoryError) {
        try self.init(
            names: children.flatMap(\.names),
            parents: children.enumerated().flatMap { index, group in group.names.map { _ in index } },
            parentNames: children.map(\.parent))
    }

    /// An inventory as a model has it: a type's name, and that of the coarser one above it; without any where `parents` is
    /// `nil`.
    package init(_ names: [String], parents: [String]?) throws(TypeInventoryError) {
        guard let parents else {
            try self.init(names: names, parents: nil, parentNames: [])
            return
        }
        guard parents.count == names.count else {
            throw TypeInventoryError(message: "\(names.count) types and \(parents.count) coarser ones above them")
        }
        // Their order is that of their first types.
        var parentNames: [String] = []
        for parent in parents where !parentNames.contains(parent) { parentNames.append(parent) }
        let coarse = try TypeInventory(parentNames)
        try self.init(
            names: names, parents: parents.compactMap { coarse.names.firstIndex(of: $0) }, parentNames: parentNames)
    }

    private init(names: [String], parents: [Int]?, parentNames: [String]) throws(TypeInventoryError) {
        guard !names.isEmpty else { throw TypeInventoryError(message: "no types") }
        var indices: [ExactString: Int] = [:]
        for (index, name) in names.enumerated() {
            let bad = name.unicodeScalars.contains {
                $0.properties.isWhitespace || $0.properties.generalCategory == .control
            }
            guard !name.isEmpty, !bad else {
                throw TypeInventoryError(message: "type \(index + 1), “\(name)”, is empty or holds white space")
            }
            guard indices.updateValue(index, forKey: name.lowercased().exact) == nil else {
                throw TypeInventoryError(message: "type “\(name)” twice")
            }
        }
        self.init(unchecked: names, parents, parentNames, indices)
    }

    private init(unchecked names: [String], _ parents: [Int]?, _ parentNames: [String], _ indices: [ExactString: Int]) {
        self.names = names
        self.parents = parents
        self.parentNames = parentNames
        self.indices = indices
    }

    /// Number of types.
    package var count: Int { names.count }

    /// The index of a type. Case does not matter, and neither does which of its usual names a coarse type goes by:
    /// `OTHER` is found as `MISC`, `PER` as `person`.
    package func index(of name: String) -> Int? {
        let name = name.lowercased()
        if let index = indices[name.exact] { return index }
        guard let group = Self.aliases.first(where: { $0.contains(name) }) else { return nil }
        return group.lazy.compactMap { indices[$0.exact] }.first
    }

    /// The coarser types; of a coarse inventory, itself.
    package var coarse: TypeInventory {
        guard parents != nil else { return self }
        let indices = Dictionary(
            parentNames.enumerated().map { ($1.lowercased().exact, $0) }, uniquingKeysWith: { first, _ in first })
        return TypeInventory(unchecked: parentNames, nil, [], indices)
    }

    /// The coarser type above each type, of a coarse inventory itself: positions in ``coarse``.
    package var coarseTypes: [Int] { parents ?? Array(names.indices) }

    /// The name of the coarser type above a type, or `nil` in a coarse inventory.
    package func parentName(of type: Int) -> String? {
        guard let parents else { return nil }
        return parentNames[parents[type]]
    }

    /// Usual names of one type each. Twitter-2015 and Twitter-GMNER write `OTHER` where Twitter-2017 writes `MISC`.
    private static let aliases: [[String]] = [
        ["per", "person"], ["loc", "location"], ["org", "organization", "organisation"],
        ["other", "misc", "miscellaneous"],
    ]

    /// Names as somebody would say them: "organization" for `ORG`, "sports team" for `sports_team`.
    package var spokenNames: [String] {
        names.map { name in
            let name = name.lowercased()
            let usual = Self.aliases.first { $0.contains(name) }?.dropFirst().first ?? name
            return usual.split(separator: "_").joined(separator: " ")
        }
    }

    // MARK: Inventories of the field

    /// PER, LOC, ORG, OTHER: Twitter-GMNER and Twitter-2015.
    package static let coarse = builtIn([("", ["PER", "LOC", "ORG", "OTHER"])])
    /// PER, LOC, ORG, MISC: Twitter-2017.
    package static let twitter2017 = builtIn([("", ["PER", "LOC", "ORG", "MISC"])])
    /// The six types of CCKS-2025 GMNER.
    package static let ccks = builtIn([("", ["vehicle", "aircraft", "vessel", "weapon", "location", "other"])])
    /// The eight coarse types of Twitter-FMNERG.
    package static let fmnergCoarse = builtIn([("", fmnergTypes.map(\.0))])
    /// The 51 fine types of Twitter-FMNERG, with the eight coarse ones as parents.
    package static let fmnergFine = builtIn(fmnergTypes)

    private static let fmnergTypes: [(String, [String])] = [
        ("location", ["city", "country", "state", "continent", "location_other", "park", "road"]),
        ("building", ["building_other", "cultural_place", "entertainment_place", "sports_facility"]),
        (
            "organization",
            [
                "company", "educational_institution", "band", "government_agency", "news_agency",
                "organization_other", "political_party", "social_organization", "sports_league", "sports_team",
            ]
        ),
        (
            "person",
            [
                "politician", "musician", "actor", "artist", "athlete", "author", "businessman", "character", "coach",
                "director", "intellectual", "journalist", "person_other",
            ]
        ),
        ("other", ["animal", "award", "medical_thing", "website", "ordinance"]),
        ("art", ["art_other", "film_and_television_works", "magazine", "music", "written_work"]),
        ("event", ["event_other", "festival", "sports_event"]),
        ("product", ["brand_name_products", "game", "product_other", "software"]),
    ]

    /// Lists of this file, which the tests check; one group named "" is a coarse inventory.
    private static func builtIn(_ groups: [(String, [String])]) -> TypeInventory {
        let names = groups.flatMap(\.1)
        let isCoarse = groups.count == 1
        return TypeInventory(
            unchecked: names,
            isCoarse ? nil : groups.enumerated().flatMap { index, group in group.1.map { _ in index } },
            isCoarse ? [] : groups.map(\.0),
            Dictionary(names.enumerated().map { ($1.lowercased().exact, $0) }, uniquingKeysWith: { first, _ in first }))
    }
}

/// Types that cannot be an inventory, and why.
package struct TypeInventoryError: Error, Equatable, CustomStringConvertible {
    /// What is wrong.
    package let message: String
    /// What is wrong.
    package var description: String { message }
}
