// swift-tools-version: 6.2
import PackageDescription

/// What every Swift target of the package is built with: Swift 6 mode, each warning an error, each
/// unsafe operation spelled out where it happens.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableExperimentalFeature("Lifetimes"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

/// Tests speak to C and to macros whose expansions are not ours, so they do without the memory-safety marks.
let tests: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .treatAllWarnings(as: .error),
]

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let collections = Target.Dependency.product(name: "DequeModule", package: "swift-collections")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")

func library(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func testTarget(
    _ name: String, _ dependencies: [Target.Dependency], exclude: [String] = [], resources: [Resource] = []
) -> Target {
    .testTarget(name: name, dependencies: dependencies, exclude: exclude, resources: resources, swiftSettings: tests)
}

let package = Package(
    name: "gmner",
    products: [
        .executable(name: "gmner-stream", targets: ["gmner-stream"]),
        .executable(name: "gmner", targets: ["gmner"]),
        .library(name: "Grounding", targets: ["Grounding"]),
        .library(name: "Learning", targets: ["Learning"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
    ],
    targets: [
        .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
        .systemLibrary(name: "CJPEG", pkgConfig: "libjpeg", providers: [.apt(["libjpeg62-turbo-dev"])]),
        .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
        .target(name: "CImageCodec", dependencies: ["CJPEG", "CPNG"]),

        .target(name: "CVectorMath"),

        library("Kernels", ["COpenBLAS", "CVectorMath"]),
        library("Weights", [system]),
        library("Text", [system]),
        library("Images", ["CImageCodec", system]),
        library("Grounding", ["Kernels", "Weights", "Text", "Images", system]),
        library("Wire", ["Text", system]),
        library("Flow", ["Wire", "Grounding", "Images", system, collections]),
        library("Learning", ["Grounding", "Kernels", "Weights", "Text", "Images", "Wire", system]),
        .target(name: "DefaultModel", dependencies: [system], resources: [.copy("model")], swiftSettings: strict),

        .executableTarget(
            name: "gmner-stream",
            dependencies: [
                "Flow", "Wire", "Text", "Grounding", "Images", "Kernels", "DefaultModel", argumentParser, system,
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "gmner",
            dependencies: [
                "Learning", "Wire", "Text", "Images", "Grounding", "Weights", "DefaultModel", argumentParser, system,
            ],
            swiftSettings: strict),

        testTarget("KernelsTests", ["Kernels"]),
        testTarget("WeightsTests", ["Weights", system], resources: [.copy("Fixtures")]),
        testTarget("TextTests", ["Text"], resources: [.copy("Fixtures")]),
        testTarget("ImagesTests", ["Images", system], resources: [.copy("Fixtures")]),
        testTarget(
            "GroundingTests", ["Grounding", "Images", "Kernels", "Text", "Weights", system],
            resources: [.copy("Fixtures")]),
        testTarget("WireTests", ["Wire", "Text"], resources: [.copy("Fixtures")]),
        testTarget("FlowTests", ["Flow", "Wire", "Grounding", system]),
        testTarget(
            "LearningTests", ["Learning", "Grounding", "Kernels", "Text", "Images", "Wire", system],
            resources: [.copy("Fixtures")]),
        testTarget(
            "CommandTests", ["gmner-stream", "gmner", "Wire", "Images", subprocess, system],
            exclude: ["Cases", "Pictures"]),
    ]
)
