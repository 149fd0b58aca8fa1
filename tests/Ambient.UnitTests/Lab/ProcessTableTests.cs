using System.Diagnostics;
using Ambient.Lab.Processes;
using Ambient.Lab.Programs;

namespace Ambient.UnitTests.Lab;

public sealed class ProcessTableTests
{
    private const string Rest = "1 1 1 0 -1 4194560 100 0 0 0 1 2 0 0 20 0 1 0 389764 1000 10";

    [Theory]
    [InlineData($"8522 (nginx) S {Rest}", 389764L)]
    [InlineData($"8522 (a) S (b) R {Rest}", 389764L)]
    [InlineData($"8522 (nginx) Z {Rest}", null)]
    [InlineData($"8522 (nginx) X {Rest}", null)]
    [InlineData("8522 (nginx) S 1 2 3", null)]
    [InlineData("", null)]
    public void Reads_the_start_time_of_what_still_runs(string stat, long? expected) => Assert.Equal(expected, ProcessTable.ParseStartTime(stat));

    [Theory]
    [InlineData($"8522 (a) S (b) R {Rest}", 0.03)]
    [InlineData("8522 (nginx) S 1 2 3", null)]
    [InlineData("", null)]
    public void Reads_user_and_system_time(string stat, double? expected) => Assert.Equal(expected, ProcessCpuTime.ParseSeconds(stat));

    [Fact]
    public async Task Ends_exactly_the_recorded_process()
    {
        using Process sleeper = Process.Start("sleep", "600");
        long startTime = ProcessTable.FindStartTime(sleeper.Id)!.Value;

        Assert.True(await ProcessTable.EndAsync(new ProcessRecord(ProcessRole.Workload, "x", sleeper.Id, startTime + 1), TimeSpan.Zero, CancellationToken.None));
        Assert.NotNull(ProcessTable.FindStartTime(sleeper.Id));

        Assert.True(await ProcessTable.EndAsync(new ProcessRecord(ProcessRole.Workload, "x", sleeper.Id, startTime), TimeSpan.FromSeconds(5), CancellationToken.None));
        Assert.Null(ProcessTable.FindStartTime(sleeper.Id));
    }

    [Fact]
    public async Task Kills_what_does_not_want_to_end()
    {
        using Process stubborn = Process.Start(new ProcessStartInfo("sh", ["-c", "trap '' TERM; echo ready; while :; do sleep 600; done"]) { RedirectStandardOutput = true })!;
        Assert.Equal("ready", await stubborn.StandardOutput.ReadLineAsync());
        var record = new ProcessRecord(ProcessRole.Workload, "x", stubborn.Id, ProcessTable.FindStartTime(stubborn.Id)!.Value);

        Assert.True(await ProcessTable.EndAsync(record, TimeSpan.FromMilliseconds(20), CancellationToken.None));
    }

    [Fact]
    public async Task A_gated_process_that_is_never_released_ends_without_becoming_the_program()
    {
        string log = Path.GetTempFileName();
        using (GatedProcess gated = GatedProcess.Start(new LabProcessSpec(ProcessRole.Workload, "x", ["sh", "-c", "echo ran"], log)))
        {
            gated.Abandon();

            Assert.True(await ProcessTable.WaitForEndAsync(gated.Record, TimeSpan.FromSeconds(10), CancellationToken.None));
        }

        Assert.Empty(await File.ReadAllTextAsync(log));
        File.Delete(log);
    }

    [Fact]
    public async Task A_released_process_keeps_its_number_and_gets_its_words_untouched()
    {
        string log = Path.GetTempFileName();
        using GatedProcess gated = GatedProcess.Start(
            new LabProcessSpec(ProcessRole.Workload, "x", ["sh", "-c", "echo $$ \"$0\" \"$GIVEN\"", "$(id); a b"], log)
            {
                Environment = new Dictionary<string, string> { ["GIVEN"] = "yes" },
            });
        gated.Release();

        Assert.True(await ProcessTable.WaitForEndAsync(gated.Record, TimeSpan.FromSeconds(10), CancellationToken.None));
        Assert.Equal($"{gated.Record.Id} $(id); a b yes\n", await File.ReadAllTextAsync(log));
        File.Delete(log);
    }

    [Theory]
    [InlineData(true, "CapEff:\t000001ffffffffff", null)]
    [InlineData(true, "CapEff:\t00000000a80425fb", "root lacks CAP_NET_ADMIN and CAP_SYS_ADMIN")]
    [InlineData(true, "CapEff:\t0000000000001000", "root lacks CAP_SYS_ADMIN")]
    [InlineData(false, "CapEff:\t0000000000000000", "not running as root")]
    public void Says_which_privilege_is_missing(bool isRoot, string status, string? expected) =>
        Assert.Equal(expected, Privileges.FindMissing(isRoot, ["Name:\tx", status]));

    [Fact]
    public void Names_the_packages_of_missing_programs()
    {
        Ambient.Lab.LabException failure = Assert.Throws<Ambient.Lab.LabException>(() => RequiredPrograms.Check(["sh", "/no/such/place/nginx", "no-such-program"]));

        Assert.Contains("/no/such/place/nginx, no-such-program", failure.Message, StringComparison.Ordinal);
    }
}
