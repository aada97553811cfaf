package import SystemPackage

/// A weight file cannot be used, read or written.
package struct WeightsError: Error, Equatable, CustomStringConvertible {
    /// The file.
    package let file: FilePath
    /// The tensor the trouble is about, if it is about one.
    package let tensor: String?
    /// What is wrong.
    package let problem: String

    /// What the system has too little of, where that is the cause: the file is not to blame.
    package let shortage: Errno?

    /// An error about a file, or about one tensor of it.
    package init(_ file: FilePath, tensor: String? = nil, _ problem: String, shortage: Errno? = nil) {
        self.shortage = shortage
        self.file = file
        self.tensor = tensor
        self.problem = problem
    }

    /// `FILE: tensor NAME: PROBLEM`.
    package var description: String {
        if let tensor { "\(file): tensor \(tensor): \(problem)" } else { "\(file): \(problem)" }
    }
}
