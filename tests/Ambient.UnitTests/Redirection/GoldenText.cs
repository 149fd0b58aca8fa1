using Ambient.UnitTests.Layout;

namespace Ambient.UnitTests.Redirection;

/// <summary>Compares generated text with a file of tests/testdata; AMBIENT_UPDATE_GOLDEN=1 writes the file instead.</summary>
internal static class GoldenText
{
    public static void Verify(string name, string actual)
    {
        string path = Path.Combine(RepositoryTree.Root, "tests", "testdata", name);
        if (Environment.GetEnvironmentVariable("AMBIENT_UPDATE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
        }

        Assert.Equal(File.ReadAllText(path), actual);
    }
}
