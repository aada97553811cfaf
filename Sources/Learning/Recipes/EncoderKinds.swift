import Model
import SystemPackage

extension EncoderImport {
    /// The shape of an encoder that has to be one for texts; `folder` is where it is from, for messages.
    func text(_ folder: FilePath) throws(TrainingError) -> TextEncoderConfiguration {
        guard case .text(let configuration) = kind else {
            throw TrainingError(.settings, "\(folder) is no text encoder")
        }
        return configuration
    }

    /// The shape of an encoder that has to be one for pictures.
    func picture(_ folder: FilePath) throws(TrainingError) -> PatchEncoderConfiguration {
        guard case .picture(let configuration) = kind else {
            throw TrainingError(.settings, "\(folder): an encoder for texts, not for pictures")
        }
        return configuration
    }
}
