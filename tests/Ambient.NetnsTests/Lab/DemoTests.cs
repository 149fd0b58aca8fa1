using Ambient.Lab.Demo;
using Ambient.Testing;
using Xunit.Abstractions;

namespace Ambient.NetnsTests.Lab;

/// <summary>The demo as a whole, with the ztunnel that was built beside these tests.</summary>
[Collection(TimedCollection.Name)]
public sealed class DemoTests(ITestOutputHelper output)
{
    [RootFact]
    public Task All_facts_hold_in_a_lab_of_namespaces() => RunAsync(new DemoOptions($"t{Environment.ProcessId}-demo", Keep: false, Loopback: false, Ztunnel: null) { PromptSeconds = 9 });

    [Fact]
    public Task All_facts_that_can_be_shown_hold_on_local_ports() => RunAsync(new DemoOptions("unused", Keep: false, Loopback: true, Ztunnel: null) { PromptSeconds = 9 });

    private async Task RunAsync(DemoOptions options)
    {
        using var text = new StringWriter();
        using TextWriter lines = TextWriter.Synchronized(text);
        int exitCode = await new DemoRun(options, lines, lines).RunAsync(CancellationToken.None);
        output.WriteLine(text.ToString());

        Assert.DoesNotContain(text.ToString().Split('\n'), line => line.StartsWith("FAIL", StringComparison.Ordinal));
        Assert.Equal(0, exitCode);
    }
}
