/// What kind of thing a type is of, whatever a data set calls it.
package enum TypeRole: Sendable, CaseIterable {
    /// Somebody.
    case person
    /// Where something is: towns, countries, buildings.
    case place
    /// Companies, teams, parties.
    case organisation
    /// Everything else.
    case other

    /// The role of a type of that name, whose case does not matter; `nil` for one that nobody here has heard of.
    package init?(of name: String) {
        let name = name.lowercased()
        let fine = TypeInventory.fmnergFine
        let known = fine.index(of: name).flatMap(fine.parentName(of:)) ?? name
        guard let role = Self.allCases.first(where: { $0.names.contains(known) }) else { return nil }
        self = role
    }

    /// What CoNLL, OntoNotes, Twitter-GMNER, Twitter-FMNERG (its coarse types) and CCKS call types of this role.
    private var names: [String] {
        switch self {
        case .person: ["per", "person"]
        case .place: ["loc", "location", "gpe", "fac", "building"]
        case .organisation: ["org", "organization", "organisation", "norp"]
        case .other:
            [
                "other", "misc", "miscellaneous", "art", "event", "product", "work_of_art", "law", "vehicle",
                "aircraft",
                "vessel", "weapon",
            ]
        }
    }
}

extension TypeInventory {
    /// The role of a type; `other` for one that nobody here has heard of.
    package func role(of type: Int) -> TypeRole { TypeRole(of: names[type]) ?? .other }

    /// The types that something may have here which another data set calls by this name: the one of that name, or else all
    /// of the same role.
    package func types(like name: String) -> [Int] {
        if let index = index(of: name) { return [index] }
        guard let role = TypeRole(of: name) else { return [] }
        return names.indices.filter { self.role(of: $0) == role }
    }
}
