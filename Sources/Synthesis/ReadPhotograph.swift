import Corpora
import Geometry

/// A photograph with its captions read and its boxes told apart, so that phrases can be looked up in it.
struct ReadPhotograph: Sendable {
    let image: String
    let captions: [Caption]
    let objects: [DetectedObject]

    /// Every noun of every caption.
    private let nouns: [CaptionNoun]
    /// Scenes that any caption tells of.
    let scenes: Set<String>
    /// COCO classes of all detections, also of those that were taken for doubles.
    private let classes: Set<Int>

    init(_ photograph: CaptionedPhotograph) {
        image = photograph.image
        captions = photograph.captions.map(Caption.init)
        objects = Self.distinct(photograph.objects)
        nouns = captions.flatMap { caption in
            caption.lower.indices.compactMap { CaptionNouns.noun(in: caption.lower, at: $0)?.noun }
        }
        classes = Set(photograph.objects.compactMap(\.coco))
        let words = Set(captions.flatMap(\.lower))
        var scenes = Set(CaptionNouns.scenes.filter { !$0.1.isDisjoint(with: words) }.map(\.0.rawValue))
        for noun in nouns { if let scene = noun.scene { scenes.insert(scene.rawValue) } }
        self.scenes = scenes
    }

    /// Objects without a second box for the same thing, the surest first.
    private static func distinct(_ objects: [DetectedObject]) -> [DetectedObject] {
        var kept: [DetectedObject] = []
        for object in objects.sorted(by: { $0.score > $1.score }) where object.score >= 0.35 {
            let double = kept.contains { other in
                let overlap = other.box.overlap(object.box)
                // One animal gets boxes of several classes, and now and then that of a person.
                let isAlike = object.coco != nil && group(other.coco) == group(object.coco)
                return overlap > 0.8 || isAlike && overlap > 0.5
            }
            if !double { kept.append(object) }
        }
        return kept
    }

    private static func group(_ coco: Int?) -> Int? { coco.map { CaptionNouns.animals.contains($0) ? 16 : $0 } }

    // MARK: Boxes of phrases

    /// Boxes that a noun can mean, the largest first.
    private func boxes(_ noun: CaptionNoun) -> [RelativeBox] {
        var found = objects.filter { $0.coco.map(noun.coco.contains) ?? false }
        if found.isEmpty, noun.kind == .animal {
            found = objects.filter { $0.coco.map(CaptionNouns.animals.contains) ?? false && $0.score >= 0.45 }
        }
        return found.map(\.box).sorted { $0.area > $1.area }
    }

    /// The boxes that are of the size of things in front: no smaller than a quarter of the largest.
    private func foreground(_ noun: CaptionNoun) -> [RelativeBox] {
        let boxes = boxes(noun)
        return boxes.filter { $0.area >= boxes[0].area / 4 }
    }

    /// The box of a phrase for one thing, where there is but one that it can mean.
    func box(of phrase: CaptionPhrase, in caption: Caption) -> RelativeBox? {
        if phrase.noun.kind == .scenery { return .whole }
        guard phrase.number == 1 else { return nil }
        let boxes = boxes(phrase.noun)
        guard let largest = boxes.first else { return nil }
        let front = foreground(phrase.noun)
        if let side = phrase.side {
            guard front.count == 2, abs(front[0].centre - front[1].centre) > 0.08 else { return nil }
            return front.min { side == .left ? $0.centre < $1.centre : $0.centre > $1.centre }
        }
        let rivals = caption.phrases.filter { isRival($0, phrase) }
        if rivals.isEmpty {
            let margin: Float = count(phrase.noun) > 1 ? 3 : 1.6
            return boxes.count == 1 || largest.area > boxes[1].area * margin ? largest : nil
        }
        guard rivals.count == 1, rivals[0].number == 1 else { return nil }
        return box(of: phrase, beside: rivals[0], front)
    }

    /// Of two things, each has its box if they can be told apart: by class, or a child from a grown-up by height.
    private func box(of phrase: CaptionPhrase, beside rival: CaptionPhrase, _ front: [RelativeBox]) -> RelativeBox? {
        if phrase.noun.coco != rival.noun.coco { return front.count == 1 ? front[0] : nil }
        guard phrase.noun.isPerson, phrase.noun.isChild != rival.noun.isChild, front.count == 2 else { return nil }
        let taller = front.sorted { $0.y2 - $0.y1 > $1.y2 - $1.y1 }
        guard taller[0].y2 - taller[0].y1 > 1.3 * (taller[1].y2 - taller[1].y1) else { return nil }
        return taller[phrase.noun.isChild ? 1 : 0]
    }

    /// Two or three like things from left to right, where a phrase counts as many as there are in front.
    func row(of phrase: CaptionPhrase, in caption: Caption) -> [RelativeBox]? {
        guard let number = phrase.number, 2...3 ~= number else { return nil }
        let front = foreground(phrase.noun).sorted { $0.centre < $1.centre }
        guard front.count == number, !caption.phrases.contains(where: { isRival($0, phrase) }) else { return nil }
        let apart = zip(front, front.dropFirst()).allSatisfy { $1.centre - $0.centre > 0.08 }
        return apart ? front : nil
    }

    /// Whether a phrase of the caption for a person or thing has a box.
    func hasBox(_ caption: Caption) -> Bool {
        caption.phrases.contains { phrase in
            phrase.noun.scene == nil && (box(of: phrase, in: caption) != nil || row(of: phrase, in: caption) != nil)
        }
    }

    /// The box around all that a phrase for several things means.
    func union(of phrase: CaptionPhrase) -> RelativeBox? {
        let front = foreground(phrase.noun)
        guard front.count >= 2, let first = front.first else { return nil }
        return front.dropFirst().reduce(first) { union, box in
            RelativeBox(
                x1: min(union.x1, box.x1), y1: min(union.y1, box.y1), x2: max(union.x2, box.x2),
                y2: max(union.y2, box.y2))
        }
    }

    /// Whether two phrases of a caption may mean boxes of the same classes.
    private func isRival(_ other: CaptionPhrase, _ phrase: CaptionPhrase) -> Bool {
        guard other != phrase else { return false }
        if other.noun.isPerson || other.noun.kind == .team { return phrase.noun.isPerson || phrase.noun.kind == .team }
        if other.noun.kind == .animal { return phrase.noun.kind == .animal }
        return !Set(other.noun.coco).isDisjoint(with: phrase.noun.coco)
    }

    /// How many things of a noun's kind the caption that counts most of them counts.
    private func count(_ noun: CaptionNoun) -> Int {
        captions.map { caption in
            caption.phrases.filter { $0.noun.isPerson == noun.isPerson && $0.noun.kind != .scenery }
                .filter { noun.isPerson || !Set($0.noun.coco).isDisjoint(with: noun.coco) }
                .map { $0.number ?? 4 }.reduce(0, +)
        }.max() ?? 0
    }

    // MARK: What may be seen

    /// Whether the people are men, as far as the captions that tell agree.
    var peopleAreMale: Bool? {
        let told = Set(nouns.filter { $0.isMale || $0.isFemale }.map(\.isMale))
        return told.count == 1 ? told.first : nil
    }

    /// Whether the photograph may show what a noun of another photograph's caption means.
    ///
    /// It errs on the side of yes: captions leave out much, and so do detectors. `isMale` is what else is known of a person.
    func mayShow(_ noun: CaptionNoun, isMale: Bool?) -> Bool {
        if let scene = noun.scene {
            // A scene that no caption tells of may yet be there; so one of another kind has to be told of.
            return scenes.isEmpty || scenes.contains(scene.rawValue)
        }
        let people = nouns.filter(\.isPerson)
        let showsPeople = classes.contains(1) || !people.isEmpty || nouns.contains { $0.kind == .team }
        switch noun.kind {
        case .man, .boy, .woman, .girl, .person, .child:
            guard showsPeople, let isMale, captions.count > 1 else { return showsPeople }
            // Shown are people of the other sex alone, as every caption says.
            let others = captions.allSatisfy { caption in
                let told = caption.phrases.map(\.noun).filter(\.isPerson)
                return !told.isEmpty && told.allSatisfy { isMale ? $0.isFemale : $0.isMale }
            }
            return !others
        case .team, .clothing, .group: return showsPeople
        case .shop, .building: return scenes.contains("city") || scenes.isEmpty
        case .animal, .vehicle, .thing, .scenery:
            return nouns.contains { $0.name == noun.name || !Set($0.coco).isDisjoint(with: noun.coco) }
                || !classes.isDisjoint(with: noun.coco)
        }
    }
}
