import ArgumentParser
import Corpora

/// What `gmner convert --to label-studio` has to know of the project that its tasks are for.
struct LabelStudioOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Label Studio: write the labelling configuration for these posts here.", valueName: "file"))
    var labellingConfig: String?

    @Option(
        help: ArgumentHelp(
            "Label Studio: put before paths of pictures, to make URLs of them, as /data/local-files/?d=pictures/.",
            valueName: "text"))
    var picturePrefix: String?

    @Option(help: ArgumentHelp("Label Studio: name of the <Labels> control.", valueName: "name"))
    var lsLabels = LabelStudioProject().labels

    @Option(help: ArgumentHelp("Label Studio: name of the <Text> object.", valueName: "name"))
    var lsText = LabelStudioProject().text

    @Option(
        help: ArgumentHelp("Label Studio: name of the <RectangleLabels> control.", valueName: "name"))
    var lsBoxes = LabelStudioProject().boxes

    @Option(help: ArgumentHelp("Label Studio: name of the <Image> object.", valueName: "name"))
    var lsImage = LabelStudioProject().image

    /// The project as it is told.
    var project: LabelStudioProject {
        var project = LabelStudioProject()
        project.labels = lsLabels
        project.text = lsText
        project.boxes = lsBoxes
        project.image = lsImage
        project.picturePrefix = picturePrefix
        return project
    }

    /// Refuses what would make no difference, and two files on one stream.
    func validate(_ format: ExportFormat, _ output: String) throws {
        let given = ["--labelling-config": labellingConfig, "--picture-prefix": picturePrefix]
        if format != .labelStudio, let name = given.filter({ $1 != nil }).keys.sorted().first {
            throw ValidationError("\(name) is for --to label-studio")
        }
        if labellingConfig == "-", output == "-" {
            throw ValidationError("--labelling-config and the tasks cannot both go to standard output")
        }
    }
}
