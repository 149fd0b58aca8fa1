using System.Text.Json;
using Ambient.UnitTests.Layout;
using Ambient.UnitTests.Redirection;

namespace Ambient.UnitTests.Cli;

/// <summary>What users see of dumps of real ztunnels, kept as files; and how they narrow it down.</summary>
public sealed class ListingTests
{
    [Theory]
    [InlineData("workloads", "recorded-node-a", "table")]
    [InlineData("workloads", "recorded-node-a", "wide")]
    [InlineData("workloads", "every-key", "wide")]
    [InlineData("workloads", "example", "json")]
    [InlineData("workloads", "example", "yaml")]
    [InlineData("services", "recorded-node-a", "table")]
    [InlineData("services", "every-key", "wide")]
    [InlineData("services", "every-key", "yaml")]
    [InlineData("policies", "every-key", "wide")]
    [InlineData("policies", "every-key", "yaml")]
    [InlineData("certificates", "recorded-node-a", "table")]
    [InlineData("certificates", "recorded-node-a", "json")]
    [InlineData("connections", "recorded-node-a", "table")]
    [InlineData("connections", "recorded-node-b", "table")]
    [InlineData("connections", "recorded-node-b", "json")]
    [InlineData("connections", "recorded-node-b", "yaml")]
    public async Task A_section_of_a_recorded_dump_is_written_as_kept(string command, string dump, string format)
    {
        CliRun run = await CliRun.StartAsync("", command, "-f", Dump(dump), "-o", format);

        Assert.Equal((0, ""), (run.Code, run.Error));
        GoldenText.Verify($"cli/{command}-{dump}-{format}.txt", run.Output);
    }

    [Theory]
    [InlineData("curl", "workloads -n demo --node node-a cur*")]
    [InlineData("web", "workloads demo/web")]
    [InlineData("echo", "workloads --address 10.64.2.12")]
    [InlineData("legacy", "workload --workload-namespace demo --workload-node node-a legacy")]
    [InlineData("web", "w demo/w?b")]
    [InlineData("echo", "svc echo.demo.svc.cluster.local")]
    public async Task Filters_leave_what_they_name(string expected, string line)
    {
        CliRun run = await CliRun.StartAsync("", [.. line.Split(' '), "-f", Dump("recorded-node-a"), "-o", "json"]);

        using JsonDocument items = JsonDocument.Parse(run.Output);
        Assert.Equal([expected], items.RootElement.EnumerateArray().Select(item => item.GetProperty("name").GetString()));
    }

    [Theory]
    [InlineData("inbound", "Inbound")]
    [InlineData("outbound", null)]
    public async Task Connections_of_one_direction_can_be_listed_with_their_addresses(string direction, string? listed)
    {
        CliRun run = await CliRun.StartAsync("", "cons", "--direction", direction, "--raw", "-f", Dump("recorded-node-b"));

        Assert.Equal(listed is not null, run.Output.Contains("Inbound", StringComparison.Ordinal));
        Assert.DoesNotContain("Outbound", run.Output, StringComparison.Ordinal);
        Assert.Equal(listed is not null, run.Output.Contains("10.64.2.11:8080", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("workloads -n dmo", "Did you mean demo?")]
    [InlineData("workloads --node node-c", "Did you mean node-a?")]
    [InlineData("services ecco", "Did you mean echo?")]
    [InlineData("workloads completely-different", "There are names curl, echo, legacy, legacy-web, web.")]
    public async Task Whoever_names_what_is_not_there_is_told_what_there_is(string line, string hint)
    {
        CliRun run = await CliRun.StartAsync("", [.. line.Split(' '), "-f", Dump("recorded-node-a")]);

        Assert.Equal(0, run.Code);
        Assert.Contains(hint, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dump_comes_from_standard_input_too()
    {
        CliRun run = await CliRun.StartAsync(await File.ReadAllTextAsync(Dump("example")), "workloads", "-f", "-", "-o", "short");

        Assert.StartsWith("NAMESPACE   POD NAME", run.Output, StringComparison.Ordinal);
        Assert.Contains("web-0", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Maps_at_the_top_of_a_dump_count_as_lists()
    {
        const string dump = """
            {"workloads":{"u1":{"name":"b","namespace":"shop","waypoint":{"destination":"net/10.0.0.9"},"protocol":"HBONE"},"u2":{"name":"a","namespace":"shop"}},
             "services":{"s":{"name":"gate","namespace":"shop","hostname":"gate.example","vips":["net/10.0.0.9"]}}}
            """;

        CliRun run = await CliRun.StartAsync(dump, "workloads", "-f", "-");

        Assert.Equal(
            "NAMESPACE   POD NAME   ADDRESS   NODE   WAYPOINT   PROTOCOL\nshop        a          -         -      None       -\nshop        b          -         -      gate       HBONE\n",
            run.Output);
    }

    private static string Dump(string name) => Path.Combine(RepositoryTree.Root, "tests", "testdata", "config-dump", $"{name}.json");
}
