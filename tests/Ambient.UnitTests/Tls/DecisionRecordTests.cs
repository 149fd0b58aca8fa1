using System.Text.RegularExpressions;
using Ambient.UnitTests.Layout;

namespace Ambient.UnitTests.Tls;

/// <summary>The table of risks in the decision record is only worth something if the tests it names are there.</summary>
public sealed partial class DecisionRecordTests
{
    [Fact]
    public void Every_test_that_the_record_names_exists()
    {
        string record = File.ReadAllText(Path.Combine(RepositoryTree.Root, "docs/decisions/0003-own-tls-record-layer.md"));
        Dictionary<string, string> tests = RepositoryTree.SourceFiles
            .Where(file => file.EndsWith("Tests.cs", StringComparison.Ordinal) && file.Contains("/Tls/", StringComparison.Ordinal))
            .ToDictionary(file => Path.GetFileNameWithoutExtension(file), File.ReadAllText);
        List<Match> named = TestName().Matches(record).ToList();

        Assert.True(named.Count > 40);
        Assert.Empty(named
            .Where(match => !tests.TryGetValue(match.Groups[1].Value, out string? source)
                || !source.Contains($" {match.Groups[2].Value}(", StringComparison.Ordinal))
            .Select(match => match.Value));
    }

    [GeneratedRegex("`([A-Za-z0-9]+Tests)\\.([A-Za-z0-9_]+)`")]
    private static partial Regex TestName();
}
