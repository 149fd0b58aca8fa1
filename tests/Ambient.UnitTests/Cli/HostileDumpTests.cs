using Ambient.Testing;
using Ambient.UnitTests.Layout;

namespace Ambient.UnitTests.Cli;

/// <summary>Dumps that a broken or evil proxy wrote, and manifests of anybody: always an answer, and never anything that a terminal obeys.</summary>
public sealed class HostileDumpTests
{
    private const int Rounds = 150;

    private static readonly string[] Commands = ["workloads", "services", "policies", "certificates", "connections"];

    private static readonly string[] JsonPieces =
        ["null", "{}", "[]", "\"\\u001b[2J\"", "\\ud800", "-1e999", ",", ":", "{\"info\":[", "\"workloads\":{", "\0", "99999999999999999999"];

    private static readonly string[] YamlPieces =
        ["null", "{}", "[]", "\n---\n", "\"\\e[2J\"", "&a [*a]", ": ", "\n  ", "- ", "'", "\0", "!!binary x", "kind: List\nitems: [[]]\n", "99999999999999999999", "🚫"];

    [Fact]
    public async Task Changed_dumps_are_listed_or_refused_and_never_upset_the_terminal()
    {
        string recorded = await File.ReadAllTextAsync(TestFile("config-dump", "recorded-node-b.json"));
        Random random = new(20261121);
        for (int round = 0; round < FuzzRounds.Scale(Rounds); round++)
        {
            string command = Commands[round % Commands.Length];
            CliRun run = await CliRun.StartAsync(Mutation.Of(recorded, random, JsonPieces), command, "-f", "-", "-o", round % 2 == 0 ? "table" : "yaml");

            AssertHarmless(run, [0, 2], round);
        }
    }

    [Fact]
    public async Task Changed_manifests_are_analyzed_or_refused_and_never_upset_the_terminal()
    {
        string manifests = await File.ReadAllTextAsync(TestFile("manifests", "shop.yaml")) + "---\n" + await File.ReadAllTextAsync(TestFile("manifests", "waypoint.yaml"));
        Random random = new(20261122);
        for (int round = 0; round < FuzzRounds.Scale(Rounds); round++)
        {
            CliRun run = await CliRun.StartAsync(Mutation.Of(manifests, random, YamlPieces), "analyze", "-f", "-");

            AssertHarmless(run, [0, 1, 2], round);
        }
    }

    [Theory]
    [InlineData("table")]
    [InlineData("json")]
    [InlineData("yaml")]
    public async Task Names_that_hold_terminal_commands_are_made_harmless(string format)
    {
        const string dump = """{"workloads":[{"name":"\u001b[2J\u009b1m\u202eevil\r\n","namespace":"a\u2028b\u0007"}]}""";

        CliRun run = await CliRun.StartAsync(dump, "workloads", "-f", "-", "-o", format);

        Assert.Equal(0, run.Code);
        Assert.Contains("evil", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(run.Output, character => character is '\u001b' or '\u009b' or '\u202e' or '\u2028' or '\u0007' or '\r');
        Assert.Equal(format == "json" ? 6 : 2, run.Output.Count(character => character == '\n'));
    }

    private static void AssertHarmless(CliRun run, int[] codes, int round)
    {
        Assert.True(codes.Contains(run.Code), $"round {round}: {run.Code} {run.Error}");
        Assert.True((run.Output + run.Error).All(character => character == '\n' || !char.IsControl(character)), $"round {round}");
        Assert.True(run.Code != 2 || run.Error.StartsWith("ambientctl: ", StringComparison.Ordinal), $"round {round}: {run.Error}");
    }

    private static string TestFile(string folder, string name) => Path.Combine(RepositoryTree.Root, "tests", "testdata", folder, name);
}
