public import SystemPackage

/// A weight file cannot be used, read or written.
public struct WeightsError: Error, Equatable, CustomStringConvertible {
    /// The file.
    public let file: FilePath
    /// The tensor the trouble is about, if it is about one.
    public let tensor: String?
    /// What is wrong.
    public let problem: String

    /// An error about a file, or about one tensor of it.
    public init(_ file: FilePath, tensor: String? = nil, _ problem: String) {
        self.file = file
        self.tensor = tensor
        self.problem = problem
    }

    /// `FILE: tensor NAME: PROBLEM`.
    public var description: String {
        if let tensor { "\(file): tensor \(tensor): \(problem)" } else { "\(file): \(problem)" }
    }
}
