import Randomness
import Geometry

/// Puts names in place of a caption's noun phrases.
struct PhraseNaming {
    let photograph: ReadPhotograph
    let caption: Caption
    let names: NameInventory

    /// How likely a phrase becomes a name; 0 where none would make sense of it.
    static func chance(_ phrase: CaptionPhrase) -> Float {
        let isOne = phrase.number == 1
        switch phrase.noun.kind {
        case .man, .boy, .woman, .girl, .person, .child: return isOne || phrase.number != nil ? 0.85 : 0.3
        case .animal: return isOne || phrase.number == 2 || phrase.number == 3 ? 0.7 : 0
        case .team: return 1
        case .vehicle, .thing: return isOne ? 0.35 : 0
        case .scenery: return 0.45
        case .building, .shop: return isOne ? 0.9 : 0
        case .clothing: return isOne ? 0.5 : 0
        case .group: return 0
        }
    }

    /// Appends the phrase with names in it. `bare` leaves nothing but names.
    func append(_ phrase: CaptionPhrase, bare: Bool, to draft: inout PostDraft, using random: inout SeededGenerator) {
        let isOne = phrase.number == 1
        switch phrase.noun.kind {
        case .man, .boy, .woman, .girl, .person, .child:
            if isOne { person(phrase, bare, &draft, &random) } else { several(phrase, bare, &draft, &random) }
        case .animal:
            if isOne { animal(phrase, bare, &draft, &random) } else { several(phrase, bare, &draft, &random) }
        case .team: name(phrase, role(phrase, &random), photograph.union(of: phrase), &draft, &random)
        case .vehicle, .thing, .clothing, .shop, .building: object(phrase, bare, &draft, &random)
        case .scenery: place(phrase, bare, &draft, &random)
        case .group: draft.append(caption.words[phrase.words])
        }
    }

    // MARK: Kinds of phrases

    private func person(
        _ phrase: CaptionPhrase, _ bare: Bool, _ draft: inout PostDraft, _ random: inout SeededGenerator
    ) {
        let box = photograph.box(of: phrase, in: caption)
        let draw = random.uniform()
        if !bare, draw < 0.1 {
            draft.append(caption.lower[phrase.describing])
        } else if !bare, draw < 0.25, phrase.noun.kind == .person, !["person", "individual"].contains(phrase.noun.name)
        {
            // "surfer Kelly Slater"
            draft.append(caption.lower[phrase.head])
        }
        name(phrase, role(phrase, &random), box, &draft, &random)
    }

    private func animal(
        _ phrase: CaptionPhrase, _ bare: Bool, _ draft: inout PostDraft, _ random: inout SeededGenerator
    ) {
        let box = photograph.box(of: phrase, in: caption)
        let described = caption.lower[phrase.describing.lowerBound..<phrase.head.upperBound]
        switch bare ? 1 : random.uniform() {
        case ..<0.3:
            draft.append(["our", "my", "the"].randomElement(using: &random) ?? "my")
            draft.append(described)
            name(phrase, .pet, box, &draft, &random)
        case ..<0.55:
            name(phrase, .pet, box, &draft, &random)
            draft.append("the")
            draft.append(described)
        default: name(phrase, .pet, box, &draft, &random)
        }
    }

    /// "A and B", with who is who where the boxes stand in a row.
    private func several(
        _ phrase: CaptionPhrase, _ bare: Bool, _ draft: inout PostDraft, _ random: inout SeededGenerator
    ) {
        let role = role(phrase, &random)
        let row = photograph.row(of: phrase, in: caption)
        // Of a row, each name has its box only if the text says which is which.
        let tellsOrder = row != nil && random.uniform() < 0.9
        guard let number = phrase.number, 2...3 ~= number else {
            if photograph.scenes.contains("sport"), random.uniform() < 0.7 {
                name(phrase, .team, photograph.union(of: phrase), &draft, &random)
                if Bool.random(using: &random) { draft.append(caption.lower[phrase.head]) }
                return
            }
            name(phrase, role, nil, &draft, &random)
            draft.append(["and friends", "and co", "and the gang", "with friends"].randomElement(using: &random) ?? "")
            return
        }
        let eachSide = tellsOrder && number == 2 && Bool.random(using: &random)
        for index in 0..<number {
            if index > 0 { draft.append(index == number - 1 ? "and" : ",") }
            name(phrase, role, tellsOrder ? row?[index] : nil, &draft, &random)
            if eachSide { draft.append(index == 0 ? "( left )" : "( right )") }
        }
        if tellsOrder, !eachSide {
            draft.append(["( L-R )", "( from left )", "( left to right )"].randomElement(using: &random) ?? "")
        }
    }

    /// "a red Toyota car", "a blue Lakers shirt", "the Tesco store".
    private func object(
        _ phrase: CaptionPhrase, _ bare: Bool, _ draft: inout PostDraft, _ random: inout SeededGenerator
    ) {
        let box = photograph.box(of: phrase, in: caption)
        let role = role(phrase, &random)
        // Without its noun, a shirt's name would read as if the club itself were worn.
        let keepsNoun = phrase.noun.kind == .clothing || random.uniform() < 0.65
        guard !bare || keepsNoun else { return name(phrase, role, box, &draft, &random) }
        draft.append(caption.lower[phrase.words.lowerBound..<phrase.head.lowerBound])
        name(phrase, role, box, &draft, &random)
        if keepsNoun { draft.append(caption.lower[phrase.head]) }
    }

    /// "Santorini beach", "the streets of London".
    private func place(_ phrase: CaptionPhrase, _ bare: Bool, _ draft: inout PostDraft, _ random: inout SeededGenerator)
    {
        let box = photograph.box(of: phrase, in: caption)
        let role = role(phrase, &random)
        let noun = caption.lower[phrase.head]
        switch random.uniform() {
        case ..<0.3:
            name(phrase, role, box, &draft, &random, suffix: noun.map(\.capitalizedFirst))
        case ..<0.5:
            draft.append("the")
            name(phrase, role, box, &draft, &random)
            draft.append(noun)
        case ..<0.75 where !bare:
            draft.append(caption.lower[phrase.words])
            draft.append(Bool.random(using: &random) ? "in" : "of")
            name(phrase, role, box, &draft, &random)
        default: name(phrase, role, box, &draft, &random)
        }
    }

    // MARK: Names

    private func role(_ phrase: CaptionPhrase, _ random: inout SeededGenerator) -> NameInventory.Role {
        let noun = phrase.noun
        switch noun.kind {
        case .man, .boy: return .man
        case .woman, .girl: return .woman
        case .person, .child:
            switch photograph.peopleAreMale {
            case true?: return .man
            case false?: return .woman
            case nil: return noun.name.hasSuffix("player") ? .athlete : .person
            }
        case .animal: return .pet
        case .team: return noun.name.hasSuffix("team") ? .team : .organization
        case .vehicle: return random.uniform() < 0.5 ? .company : .thing
        case .thing: return .thing
        case .clothing: return random.uniform() < 0.7 ? .team : .company
        case .shop: return .company
        case .building: return random.uniform() < 0.7 ? .venue : .organization
        case .scenery:
            switch noun.scene {
            case .city?: return .settlement
            case .sport?: return .venue
            default: return random.uniform() < 0.6 ? .landscape : .settlement
            }
        case .group: return .organization
        }
    }

    private func name(
        _ phrase: CaptionPhrase, _ role: NameInventory.Role, _ box: RelativeBox?, _ draft: inout PostDraft,
        _ random: inout SeededGenerator, suffix: [String] = []
    ) {
        var drawn = names.unused(role, in: draft, using: &random)
        drawn.words += suffix
        switch phrase.noun.kind {
        case .man, .boy: drawn.isMale = true
        case .woman, .girl: drawn.isMale = false
        default: break
        }
        let chance = random.uniform()
        if chance < 0.07 {
            drawn.join("#")
        } else if chance < 0.12, role.typeIndex == 0 || role.typeIndex == 2 {
            drawn.join("@")
        }
        draft.append(drawn, noun: phrase.noun, visible: true, box: box)
    }
}

extension NameInventory {
    /// A name that the draft does not have yet.
    func unused(_ role: Role, in draft: PostDraft, using random: inout SeededGenerator) -> DrawnName {
        var words = draw(role, using: &random)
        for _ in 0..<8 where draft.words.contains(words[0]) { words = draw(role, using: &random) }
        let isMale = role.typeIndex == 0 ? GivenNames.isMale(words) : nil
        return DrawnName(words: words, role: role, sign: nil, isMale: isMale)
    }
}

extension DrawnName {
    /// Makes a handle or hashtag of the name: its words drawn together, behind a sign.
    mutating func join(_ sign: String) {
        self.sign = sign
        let letters = words.joined().filter { $0.isLetter || $0.isNumber || $0 == "_" }
        words = [letters.isEmpty ? words.joined() : letters]
    }
}

extension String {
    /// The string with its first letter in upper case.
    var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
