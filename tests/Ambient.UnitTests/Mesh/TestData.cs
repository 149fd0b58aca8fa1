using System.Runtime.CompilerServices;

namespace Ambient.UnitTests.Mesh;

/// <summary>Files of tests/testdata, found from this source file.</summary>
internal static class TestData
{
    public static string Read(string name) => File.ReadAllText(PathOf(name));

    public static string PathOf(string name) => Path.Combine(Root(), name);

    private static string Root([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", "testdata"));
}
