import Randomness

/// Makes posts of captioned photographs: names in place of noun phrases, each with where the picture shows it.
///
/// Captions tell of "a man in a blue shirt", posts of people by their names. So noun phrases become names of the type
/// that fits, and the rest of the caption stays, is shortened, or is dropped; what tweets have around their words is added,
/// and names with nothing in the picture. A good third of the posts shows another photograph than the one that they tell
/// of, chosen so that nothing named can be seen in it.
///
/// The same photographs, names, seed and epoch give the same posts.
package struct PostSynthesizer: Sendable {
    private let photographs: [ReadPhotograph]
    private let names: NameInventory
    private let seed: UInt64

    /// A synthesizer over photographs; contradictions are found among them.
    package init(photographs: [CaptionedPhotograph], names: NameInventory, seed: UInt64) {
        self.photographs = photographs.map(ReadPhotograph.init)
        self.names = names
        self.seed = seed
    }

    /// Posts in the order of the photographs, `perPhotograph` of each. Another epoch gives other posts.
    package func posts(perPhotograph: Int = 1, epoch: Int = 0) -> [SynthesizedPost] {
        var posts: [SynthesizedPost] = []
        posts.reserveCapacity(photographs.count * perPhotograph)
        for index in photographs.indices {
            for number in 0..<perPhotograph {
                posts.append(
                    post(
                        of: index,
                        random: SeededGenerator(
                            seed: seed, stream: UInt64(index), UInt64(number), UInt64(truncatingIfNeeded: epoch))))
            }
        }
        return posts
    }

    /// How often a post shows another photograph, where one is found that shows nothing of it.
    private static let contradictionChance: Float = 0.35

    private func post(of index: Int, random: SeededGenerator) -> SynthesizedPost {
        var random = random
        let told = photographs[index]
        let source = source(told, &random)
        var composer = PostComposer(photograph: told, caption: told.captions[source], names: names, random: random)
        let (draft, keepsWords) = composer.compose()
        random = composer.random

        var entities = draft.entities
        var shown = index
        if random.uniform() < Self.contradictionChance,
            let other = photograph(without: entities, besides: index, &random)
        {
            shown = other
            for entity in entities.indices {
                entities[entity].visible = false
                entities[entity].box = nil
            }
        }
        var alt: String?
        if random.uniform() < 0.52 {
            // The caption itself would repeat the post word for word.
            let others = photographs[shown].captions.indices.filter { shown != index || $0 != source || !keepsWords }
            alt = others.randomElement(using: &random).map {
                photographs[shown].captions[$0].words.joined(separator: " ")
            }
        }
        return SynthesizedPost(
            words: draft.words, entities: entities, image: photographs[shown].image, alt: alt,
            isContradiction: shown != index)
    }

    /// A caption of a photograph, rather one with a phrase that has a box.
    private func source(_ photograph: ReadPhotograph, _ random: inout SeededGenerator) -> Int {
        let order = photograph.captions.indices.shuffled(using: &random)
        guard random.uniform() < 0.6 else { return order[0] }
        return order.first { photograph.hasBox(photograph.captions[$0]) } ?? order[0]
    }

    /// Names of other pictures than the post's that show nothing of what its entities stand for, as far as some are found
    /// in a few tries.
    package func otherImages(than post: SynthesizedPost, count: Int, seed: UInt64) -> [String] {
        guard let index = photographs.firstIndex(where: { $0.image == post.image }) else { return [] }
        var random = SeededGenerator(seed: seed, stream: UInt64(index))
        let seen = post.entities.filter(\.visible)
        return (0..<count).compactMap { _ in
            photograph(without: seen, besides: index, &random).map { photographs[$0].image }
        }
    }

    /// A photograph that shows nothing of what these entities stand for; `nil` where none is found in a few tries.
    private func photograph(
        without entities: [SynthesizedEntity], besides index: Int, _ random: inout SeededGenerator
    ) -> Int? {
        let nouns = entities.compactMap { entity in entity.noun.map { ($0, entity.isMale) } }
        guard !nouns.isEmpty else { return nil }
        for _ in 0..<60 {
            let other = Int.random(in: photographs.indices, using: &random)
            if other != index, !nouns.contains(where: { photographs[other].mayShow($0.0, isMale: $0.1) }) {
                return other
            }
        }
        return nil
    }
}

/// Writes one post about a photograph, by chance.
struct PostComposer {
    let photograph: ReadPhotograph
    let caption: Caption
    let names: NameInventory
    var random: SeededGenerator

    /// The draft, and whether the caption's own words are in it.
    mutating func compose() -> (draft: PostDraft, keepsWords: Bool) {
        let naming = PhraseNaming(photograph: photograph, caption: caption, names: names)
        let chosen = choosePhrases()
        let keepsWords = chosen.isEmpty || random.uniform() < 0.72
        var draft: PostDraft
        if keepsWords {
            draft = retell(chosen, naming)
        } else {
            draft = loseContext(chosen, naming)
        }
        addAbsent(to: &draft, atLeast: chosen.isEmpty ? 1 : 0)
        addHabits(to: &draft)
        return (draft, keepsWords)
    }

    // MARK: The caption

    private mutating func choosePhrases() -> [CaptionPhrase] {
        let candidates = caption.phrases.filter { PhraseNaming.chance($0) > 0 }
        var chosen = candidates.filter { PhraseNaming.chance($0) > random.uniform() }
        if chosen.isEmpty, let one = candidates.randomElement(using: &random) { chosen = [one] }
        while chosen.count > 3 { chosen.remove(at: Int.random(in: chosen.indices, using: &random)) }
        return chosen
    }

    /// The caption with names in it, whole or cut around them.
    private mutating func retell(_ chosen: [CaptionPhrase], _ naming: PhraseNaming) -> PostDraft {
        var draft = PostDraft()
        let span = cut(chosen)
        var place = span.lowerBound
        while place < span.upperBound {
            if let phrase = chosen.first(where: { $0.words.lowerBound == place }) {
                naming.append(phrase, bare: false, to: &draft, using: &random)
                place = phrase.words.upperBound
            } else {
                draft.append(CollectionOfOne(place == span.lowerBound ? caption.words[place] : caption.lower[place]))
                place += 1
            }
        }
        if random.uniform() < 0.75 { draft.removeFullStop() }
        if random.uniform() < 0.12 { draft.prepend(TweetHabits.leads.randomElement(using: &random) ?? "") }
        return draft
    }

    /// The part of the caption that is kept: all of it, or the names with what singles them out and a few words more.
    private mutating func cut(_ chosen: [CaptionPhrase]) -> Range<Int> {
        let all = 0..<caption.words.count
        guard let first = chosen.first, let last = chosen.last, random.uniform() < 0.45 else { return all }
        let start = Bool.random(using: &random) ? first.words.lowerBound : 0
        let least =
            random.uniform() < 0.8 ? max(last.clothing.upperBound, last.words.upperBound) : last.words.upperBound
        let breaks = (least..<caption.words.count).filter { place in
            CaptionWords.prepositions.contains(caption.lower[place])
                || ["and", "while", "as", "whilst", ",", "."].contains(caption.lower[place])
        }
        return start..<(breaks.randomElement(using: &random) ?? caption.words.count)
    }

    /// Little more than the names.
    private mutating func loseContext(_ chosen: [CaptionPhrase], _ naming: PhraseNaming) -> PostDraft {
        var draft = PostDraft()
        let isPlace = chosen.allSatisfy { $0.noun.kind == .scenery || $0.noun.kind == .building }
        let frames = isPlace ? TweetHabits.lostContextOfPlaces : TweetHabits.lostContext
        let frame = (frames.randomElement(using: &random) ?? "{}").split(
            separator: " ", omittingEmptySubsequences: true)
        for word in frame {
            guard word == "{}" else {
                draft.append(String(word))
                continue
            }
            for (index, phrase) in chosen.enumerated() {
                if index > 0 {
                    draft.append(phrase.noun.kind == .scenery ? "at" : index == chosen.count - 1 ? "and" : ",")
                }
                naming.append(phrase, bare: true, to: &draft, using: &random)
                // What singles out one of several people has to stay, or nobody could tell.
                if !phrase.clothing.isEmpty, random.uniform() < 0.4 { draft.append(caption.lower[phrase.clothing]) }
            }
        }
        return draft
    }

    // MARK: What is added

    /// Names of what the picture does not show.
    private mutating func addAbsent(to draft: inout PostDraft, atLeast least: Int) {
        let chance = random.uniform()
        let count = max(least, chance < 0.06 ? 2 : chance < 0.36 ? 1 : 0)
        for _ in 0..<count {
            let (role, frames): (NameInventory.Role, [String]) =
                switch random.uniform() {
                case ..<0.3: (.person, TweetHabits.absentPeople)
                case ..<0.55: (.settlement, TweetHabits.absentPlaces)
                case ..<0.85: (Bool.random(using: &random) ? .organization : .team, TweetHabits.absentOrganizations)
                default: (.other, TweetHabits.absentThings)
                }
            var name = names.unused(role, in: draft, using: &random)
            let frame = (frames.randomElement(using: &random) ?? "{}").split(separator: " ")
            for word in frame where word != "@" && word != "#" {
                guard word == "{}" else {
                    draft.append(String(word))
                    continue
                }
                if let sign = frame.first(where: { $0 == "@" || $0 == "#" }) { name.join(String(sign)) }
                draft.append(name, noun: nil, visible: false, box: nil)
            }
        }
    }

    private mutating func addHabits(to draft: inout PostDraft) {
        for _ in 0..<2 where random.uniform() < 0.14 {
            draft.append(TweetHabits.tails.randomElement(using: &random) ?? "")
        }
        if random.uniform() < 0.12, let noun = caption.phrases.randomElement(using: &random)?.noun.name {
            draft.append("# \(noun.replacing(" ", with: ""))")
        }
        if random.uniform() < 0.07 { draft.append(TweetHabits.emoji.randomElement(using: &random) ?? "") }
        if random.uniform() < 0.25 { draft.prepend("RT @ \(TweetHabits.handle(using: &random)) :") }
        switch random.uniform() {
        case ..<0.12: draft.changeCase { $0.lowercased() }
        case ..<0.15: draft.changeCase { $0.uppercased() }
        default: break
        }
        if random.uniform() < 0.09 { draft.append(TweetHabits.link(using: &random)) }
    }
}
