/// A published way of doing the task, as a choice of parts.
///
/// Methods differ in what tags, what decides visibility and what draws the box; the parts are shared. A model's
/// `config.json` names its method, and everything downstream follows from this value.
package struct Method: Sendable, Equatable {
    /// Name on the command line and in `config.json`.
    package let name: String
    /// One line for `--help`.
    package let summary: String
    /// Whether tagging needs no picture, so that posts without entities never have theirs decoded.
    package let tagsFromTextAlone: Bool
    /// Whether entities get a visibility and a box.
    package let grounds: Bool

    /// Text only: encoder, CRF, every region "none" (BERT-CRF-None in Yu et al. 2023, Table 2).
    package static let crfNone = Method(
        name: "crf-none", summary: "text encoder and CRF; never a box", tagsFromTextAlone: true, grounds: false)

    /// Tag from text, then let each entity look for evidence in picture and alternative text; a gate decides whether
    /// it is visible, a regression head where (the order of RiVEG, Li et al. 2024, in one small model).
    package static let evidence = Method(
        name: "evidence", summary: "CRF, then evidence reader, visibility gate and box regression",
        tagsFromTextAlone: true, grounds: true)

    /// Every method, in the order of `--help`.
    package static let all = [crfNone, evidence]

    /// The method of that name.
    package static func named(_ name: String) -> Method? {
        all.first { $0.name == name }
    }
}
