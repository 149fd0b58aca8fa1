using System.Text;
using Ambient.Testing;
using Ambient.UnitTests.Layout;

namespace Ambient.UnitTests.Cli;

/// <summary>Dumps that a broken or evil proxy wrote: always an answer, and never anything that a terminal obeys.</summary>
public sealed class HostileDumpTests
{
    private const int Rounds = 150;

    private static readonly string[] Commands = ["workloads", "services", "policies", "certificates", "connections"];

    [Fact]
    public async Task Changed_dumps_are_listed_or_refused_and_never_upset_the_terminal()
    {
        byte[] recorded = await File.ReadAllBytesAsync(Path.Combine(RepositoryTree.Root, "tests", "testdata", "config-dump", "recorded-node-b.json"));
        Random random = new(20261121);
        for (int round = 0; round < FuzzRounds.Scale(Rounds); round++)
        {
            byte[] changed = Change(recorded, random);
            string command = Commands[round % Commands.Length];
            CliRun run = await CliRun.StartAsync(Encoding.UTF8.GetString(changed), command, "-f", "-", "-o", round % 2 == 0 ? "table" : "yaml");

            Assert.True(run.Code is 0 or 2, $"round {round}: {run.Code} {run.Error}");
            Assert.True((run.Output + run.Error).All(character => character == '\n' || !char.IsControl(character)), $"round {round}");
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
        Assert.Equal(format == "table" ? 2 : format == "yaml" ? 2 : 6, run.Output.Count(character => character == '\n'));
    }

    private static byte[] Change(byte[] original, Random random)
    {
        List<byte> changed = [.. original];
        for (int change = random.Next(1, 6); change > 0; change--)
        {
            int at = random.Next(changed.Count);
            switch (random.Next(4))
            {
                case 0:
                    changed[at] = (byte)random.Next(256);
                    break;
                case 1:
                    changed.RemoveRange(at, Math.Min(random.Next(1, 64), changed.Count - at));
                    break;
                case 2:
                    changed.InsertRange(at, changed.GetRange(random.Next(changed.Count / 2), random.Next(1, 64)));
                    break;
                default:
                    changed.InsertRange(at, Encoding.UTF8.GetBytes(Pieces[random.Next(Pieces.Length)]));
                    break;
            }
        }

        return [.. changed];
    }

    private static readonly string[] Pieces = ["null", "{}", "[]", "\"\\u001b[2J\"", "\\ud800", "-1e999", ",", ":", "{\"info\":[", "\"workloads\":{", "\u0000", "99999999999999999999"];
}
