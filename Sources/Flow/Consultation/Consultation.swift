import Delegates
import Geometry
import Images
import JSON
import Model
import Wire

/// What is asked about one post, and what the answers change: the rules, without anybody to ask.
///
/// Words first, then types, then boxes; each round sees what the one before has changed (UnCo, section 3.3, "hierarchical
/// correction"). An answer that cannot be, or none, changes nothing.
///
/// Most answers change nothing either, so a mention's later rounds are asked early, in the same turn as its first. An answer to
/// an early question counts if nothing has changed the mention since; otherwise it is as if it had not been asked, and it is
/// asked anew. So what comes of it is what one round after the other would have made, sooner.
///
/// Where a round needs the answer to the one before (RiVEG, MAKAR's search), it is not asked early.
struct Consultation: Sendable {
    /// A question that may be asked.
    private struct Question {
        /// The mention's place.
        let mention: Int
        /// Its place among those of the mention; 0: it is not early.
        let order: Int
        /// Rounds about the mention that are in doubt, this one and those behind it.
        let left: Int
        let doubt: Float
        let subject: ConsultationSubject
        let request: DelegateRequest
    }

    /// The rounds that are left, mention by mention.
    private var rounds: [[ConsultationRound]] = []
    /// What was found out, mention by mention.
    private var inquiries: [MentionInquiry] = []
    /// The questions that are open: what each is about, by the mention's place. Those of a mention are together, in the order
    /// of rounds, and are its next ones.
    private var open: [(mention: Int, subject: ConsultationSubject)] = []
    private var asked = 0
    /// Whether words, types and boxes are as they will be answered.
    private var isSettled = false
    /// What is asked before the post is read.
    private(set) var beforeReading = PostInquiry()

    /// How often questions about mentions were asked, each time after the answers to the last.
    private(set) var turns = 0
    /// Questions that were asked early, and for nothing.
    private(set) var unused = 0

    /// What became of the open questions, in their order.
    var outcomes: [DelegateOutcome] = []

    /// Nothing was asked.
    init() {}

    /// Before a text is read: the next questions about its post; none when all are over.
    mutating func nextBeforeReading(_ questions: ConsultationQuestions) -> [DelegateRequest] {
        beforeReading.next(questions)
    }

    /// Takes what was answered to those; returns why some have no answer.
    mutating func absorbBeforeReading() -> [DelegateFailure] {
        defer { outcomes = [] }
        return beforeReading.take(outcomes)
    }

    /// The next questions of each mention that has any; none when all are over. Mentions do not wait for each other's rounds.
    /// Where there are more than may be asked, the least sure go first. Early ones take only what can be spared: what is left
    /// does for asking all of them anew, so that none costs another its place.
    mutating func next(about mentions: [Mention], _ questions: ConsultationQuestions) -> [DelegateRequest] {
        guard !isSettled else { return [] }
        if rounds.isEmpty {
            rounds = mentions.map { _ in questions.plan.scheme.rounds }
            inquiries = mentions.map { _ in MentionInquiry() }
        }
        let room = max(0, questions.plan.perPost - asked - beforeReading.asked)
        if room < 2 {
            // Without a question that they could go with, finds are of no use.
            for place in rounds.indices { rounds[place].removeAll { $0 == .search } }
        }
        let wanted = mentions.indices.flatMap { doubts(about: mentions[$0], at: $0, questions) }
        let firsts = wanted.filter { $0.order == 0 }.sorted { $0.doubt > $1.doubt }
        var (chosen, spare) = (Array(firsts.prefix(room)), room - min(room, firsts.count))
        if questions.plan.scheme.decidesTogether { (chosen, spare) = affordable(firsts, room) }
        let begun = Set(chosen.map(\.mention))
        let early = wanted.filter { $0.order > 0 && begun.contains($0.mention) }
            .sorted { ($0.order, $1.doubt) < ($1.order, $0.doubt) }
        // What is to be asked of all that was begun is paid for where all of it decides.
        chosen += early.prefix(questions.plan.scheme.decidesTogether ? spare : max(0, spare - early.count))
        chosen.sort { ($0.mention, $0.order) < ($1.mention, $1.order) }
        open = chosen.map { ($0.mention, $0.subject) }
        asked += chosen.count
        if !chosen.isEmpty { turns += 1 }
        return chosen.map(\.request)
    }

    /// Where only all rounds together decide: the questions of mentions that all of theirs can still be asked about, those that
    /// were begun first; and what is to spare then. If there is none such, one goes as far as it can.
    private func affordable(_ firsts: [Question], _ room: Int) -> (chosen: [Question], spare: Int) {
        let ordered = firsts.sorted { ($0.left, $1.doubt) < ($1.left, $0.doubt) }
        var spare = room
        let chosen = ordered.filter { question in
            guard question.left <= spare else { return false }
            spare -= question.left
            return true
        }
        return chosen.isEmpty ? (Array(ordered.prefix(min(1, room))), 0) : (chosen, spare)
    }

    /// What there is to ask about a mention, in the order of its rounds. Rounds without a question are over.
    private mutating func doubts(
        about mention: Mention, at place: Int, _ questions: ConsultationQuestions
    ) -> [Question] {
        var found: [Question] = []
        let inquiry = inquiries[place]
        let left = rounds[place].count { questions.doubt(about: mention, in: $0) != nil }
        var isHeldUp = false
        rounds[place].removeAll { round in
            isHeldUp = isHeldUp || (!found.isEmpty && questions.plan.scheme.waits(round))
            guard !isHeldUp else { return false }
            guard let doubt = questions.doubt(about: mention, in: round),
                let question = questions.question(about: mention, in: round, inquiry)
            else { return true }
            found.append(
                Question(
                    mention: place, order: found.count, left: left, doubt: doubt, subject: question.subject,
                    request: question.request))
            return false
        }
        return found
    }

    /// Makes what was answered part of the mentions; returns what changed, and why questions have no answer.
    mutating func absorb(_ mentions: inout [Mention], types: [String]) -> (
        changes: [ConsultationChange], failures: [DelegateFailure]
    ) {
        var changes: [ConsultationChange] = []
        var failures: [DelegateFailure] = []
        var changed: Set<Int> = []
        var dropped: Set<Int> = []
        for (question, outcome) in zip(open, outcomes) {
            if case .segment = question.subject {
                if let change = takePixels(of: &mentions[question.mention], question.subject, outcome, &failures) {
                    changes.append(change)
                }
                continue
            }
            // Asked early, about what is no more: its round is still to come.
            guard !changed.contains(question.mention) else {
                unused += 1
                continue
            }
            rounds[question.mention].removeFirst()
            switch outcome {
            case .failure(let failure): failures.append(failure)
            case .success(.keep): break
            case .success(.value(let value, let confidence)):
                if inquiries[question.mention].take(value, confidence, to: question.subject) { break }
                var mention = mentions[question.mention]
                let others = mentions.enumerated().filter { $0.offset != question.mention }.map(\.element.words)
                let change = mention.correct(question.subject, value, confidence, types: types, others: others)
                guard let change else { break }
                changed.insert(question.mention)
                if change == .dropped { dropped.insert(question.mention) }
                mentions[question.mention] = mention
                changes.append(change)
            }
        }
        if !dropped.isEmpty {
            let left = mentions.indices.filter { !dropped.contains($0) }
            (mentions, rounds) = (left.map { mentions[$0] }, left.map { rounds[$0] })
            inquiries = left.map { inquiries[$0] }
        }
        (open, outcomes) = ([], [])
        return (changes, failures)
    }

    /// Takes the pixels of a mention's box.
    private func takePixels(
        of mention: inout Mention, _ subject: ConsultationSubject, _ outcome: DelegateOutcome,
        _ failures: inout [DelegateFailure]
    ) -> ConsultationChange? {
        switch outcome {
        case .success(.keep): return nil
        case .success(.value(let value, let confidence)):
            return mention.correct(subject, value, confidence, types: [], others: [])
        case .failure(let failure):
            failures.append(failure)
            return nil
        }
    }

    /// When all is settled: asks for the pixels of the boxes, once; where not all may be asked, those come first that can be
    /// trusted most.
    mutating func masks(of mentions: [Mention], _ questions: ConsultationQuestions) -> [DelegateRequest] {
        guard !isSettled else { return [] }
        isSettled = true
        let room = max(0, questions.plan.perPost - asked - beforeReading.asked)
        let wanted = mentions.indices.compactMap { place in
            questions.maskQuestion(about: mentions[place]).map { (place, $0) }
        }
        func trust(_ place: Int) -> Float { (mentions[place].visible ?? 0) * (mentions[place].boxScore ?? 1) }
        let chosen = wanted.sorted { (trust($1.0), $0.0) < (trust($0.0), $1.0) }.prefix(room).sorted { $0.0 < $1.0 }
        open = chosen.map { ($0.0, $0.1.subject) }
        asked += chosen.count
        if !chosen.isEmpty { turns += 1 }
        return chosen.map(\.1.request)
    }

    /// When there is nothing left to ask: has what was found out about regions decide on them; returns what that changed.
    func settle(_ mentions: inout [Mention]) -> [ConsultationChange] {
        guard !isSettled else { return [] }
        return zip(mentions.indices, inquiries).compactMap { place, inquiry in
            inquiry.region.decide(&mentions[place]) ? .region : nil
        }
    }
}

extension Mention {
    /// Makes an answer part of the mention; returns what that changed, if anything.
    fileprivate mutating func correct(
        _ subject: ConsultationSubject, _ value: JSONValue, _ confidence: Float?, types: [String], others: [Range<Int>]
    ) -> ConsultationChange? {
        switch subject {
        case .span(let choices):
            guard let words = value.string else { return nil }
            if words.isEmpty { return .dropped }
            guard let choice = choices.find(words), choice.words != self.words,
                !others.contains(where: { $0.overlaps(choice.words) })
            else { return nil }
            (self.words, scalars) = (choice.words, choice.scalars)
            if let confidence { score = confidence }
            corrected.insert(.span)
            return .span
        case .type(let choices):
            guard let choice = value.string.flatMap(choices.place), let type = types.place(of: choices[choice]),
                type != self.type
            else { return nil }
            self.type = type
            if let confidence { score = confidence }
            corrected.insert(.type)
            return .type
        case .region(let size, let picture):
            let box = value == .null ? nil : PixelBox(answer: value, in: size).map { RelativeBox($0, of: size) }
            guard !hasBox(like: box) else { return nil }
            (self.box, boxScore, self.picture) = (box, box == nil ? boxScore : confidence, picture)
            if box != nil { drawn = box }
            if let confidence { visible = box == nil ? 1 - confidence : max(visible ?? 0, confidence) }
            // These are the pixels of another box.
            cut = nil
            corrected.insert(.region)
            return .region
        case .segment(let size, let box, let form):
            guard let mask = Mask(answer: value, of: size, in: box) else { return nil }
            let cut: CutMask = form == .rle ? .runs(mask) : .outlines(mask.outlines())
            guard cut != self.cut else { return nil }
            self.cut = cut
            corrected.insert(.mask)
            return .mask
        // Such answers are gathered before they change anything.
        case .expand, .verify, .ground, .search: return nil
        }
    }
}
