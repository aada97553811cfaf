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
        .systemLibrary(name: "CWebP", pkgConfig: "libwebp", providers: [.apt(["libwebp-dev"])]),
        .target(name: "CImageCodec", dependencies: ["CJPEG", "CPNG", "CWebP"], linkerSettings: [.linkedLibrary("z")]),

        .target(name: "CLinux"),
        .target(name: "CVectorMath"),

        library("Randomness", []),
        library("Geometry", []),
        library("Files", [system]),
        library("JSON", []),
        library("Reporting", [system]),
        library("Kernels", ["COpenBLAS", "CVectorMath"]),
        library("Weights", ["JSON", "CVectorMath", "Files", system]),
        library("Text", ["Files", system]),
        library("KnowledgeBase", ["Files", "JSON", "Text", system]),
        library("Images", ["CImageCodec", "CVectorMath", "Files", "Geometry", system]),
        library("Model", ["Files", "Geometry", "JSON", "Kernels", "Randomness", "Text", "Weights", system]),
        library("Wire", ["Geometry", "JSON", "Text"]),
        library("Descriptors", [system]),
        library("Delegates", ["CLinux", "Descriptors", "Files", "JSON", "Wire", system, collections]),
        library("Options", ["JSON", "Wire", argumentParser]),
        library("Corpora", ["Files", "Geometry", "JSON", "Text", "Wire", system]),
        library("Scoring", ["Corpora", "Geometry", "JSON", "Randomness", "Text", "Wire"]),
        library("Synthesis", ["Corpora", "Files", "Geometry", "JSON", "Randomness", "Text", "Wire", system]),
        library(
            "Flow",
            [
                "CLinux", "Delegates", "Descriptors", "Files", "Geometry", "Images", "JSON", "Kernels", "KnowledgeBase",
                "Model", "Reporting", "Text", "Wire", system, collections,
            ]),
        library(
            "Learning",
            [
                "Corpora", "Files", "Geometry", "Images", "JSON", "Kernels", "KnowledgeBase", "Model", "Randomness",
                "Reporting", "Scoring",
                "Synthesis", "Text", "Weights", "Wire", system,
            ]),
        .target(
            name: "Pages", dependencies: ["Geometry", "JSON", "Text"],
            resources: [.embedInCode("Resources/page.css"), .embedInCode("Resources/page.js")], swiftSettings: strict),
        .target(name: "DefaultModel", dependencies: [system], resources: [.copy("model")], swiftSettings: strict),

        library("Grounding", ["DefaultModel", "Geometry", "Images", "Kernels", "Model", "Text", system]),

        .executableTarget(
            name: "gmner-stream",
            dependencies: [
                "Corpora", "DefaultModel", "Delegates", "Files", "Flow", "Images", "Kernels", "KnowledgeBase", "Model",
                "Options",
                "Reporting", "Text", "Wire",
                argumentParser, system,
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "gmner",
            dependencies: [
                "Corpora", "DefaultModel", "Delegates", "Files", "Flow", "Geometry", "Images", "JSON", "KnowledgeBase",
                "Learning", "Model", "Options", "Pages",
                "Reporting",
                "Scoring", "Synthesis", "Text", "Weights", "Wire", argumentParser, system,
            ],
            swiftSettings: strict),

        // The example of a program that embeds a model has a manifest of its own; here it is built and tested, and sees
        // what any other package sees.
        .executableTarget(
            name: "embed", dependencies: ["Grounding"], path: "examples/embed/Sources/embed", packageAccess: false),

        testTarget("FilesTests", ["TestSupport", "Files", system]),
        testTarget("ReportingTests", ["TestSupport", "Reporting", system]),
        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: tests),
        .target(
            name: "Fuzzing",
            dependencies: [
                "Corpora", "Geometry", "Images", "KnowledgeBase", "Model", "Randomness", "TestSupport", "Text",
                "Weights", "Wire", system,
            ],
            path: "Tests/Fuzzing", swiftSettings: tests),
        .executableTarget(
            name: "fuzzer", dependencies: ["Fuzzing", system], path: "Tests/Fuzzer", swiftSettings: tests),
        testTarget("FuzzTests", ["Fuzzing", system]),
        .executableTarget(
            name: "fault-bench",
            dependencies: ["Fuzzing", "Randomness", "TestSupport", argumentParser, subprocess, system],
            path: "Tests/Faults", exclude: ["README.md", "delegate.py", "injector.c", "run.sh"], swiftSettings: tests),
        testTarget("FaultBenchTests", ["fault-bench"]),
        testTarget("ArchitectureTests", []),
        testTarget("PagesTests", ["Pages", "Geometry"]),
        testTarget("KernelsTests", ["Kernels"]),
        testTarget("WeightsTests", ["Files", "Weights", system], resources: [.copy("Fixtures")]),
        testTarget("TextTests", ["Files", "Text"], resources: [.copy("Fixtures")]),
        testTarget("ImagesTests", ["TestSupport", "Images", system], resources: [.copy("Fixtures")]),
        testTarget(
            "ModelTests",
            ["Files", "Grounding", "Model", "Geometry", "Images", "Kernels", "Randomness", "Text", "Weights", system],
            resources: [.copy("Fixtures")]),
        testTarget("WireTests", ["Wire", "Geometry", "JSON", "Text"], resources: [.copy("Fixtures")]),
        testTarget("DelegatesTests", ["Delegates", "JSON", "Randomness", system]),
        testTarget("KnowledgeBaseTests", ["Files", "JSON", "KnowledgeBase", "Text", system]),
        testTarget(
            "FlowTests",
            [
                "TestSupport", "Delegates", "Descriptors", "Flow", "Geometry", "Images", "JSON", "Randomness", "Wire",
                "Model",
                system,
            ]),
        testTarget(
            "LearningTests",
            [
                "Corpora", "Files", "Flow", "Geometry", "JSON", "Learning", "Model", "Kernels", "Randomness", "Scoring",
                "Synthesis", "Text", "Images", "Wire", system,
            ], resources: [.copy("Fixtures")]),
        testTarget(
            "CommandTests", ["TestSupport", "gmner-stream", "gmner", "JSON", "Wire", "Images", subprocess, system],
            exclude: ["Cases", "Pictures"]),
    ]
)
