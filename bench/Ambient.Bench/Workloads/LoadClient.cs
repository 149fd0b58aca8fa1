using System.Text.Json;
using Ambient.Bench.Rig;
using Ambient.LoadGenerator;

namespace Ambient.Bench.Workloads;

/// <summary>The harness's end of the resident generator on the client's node.</summary>
internal sealed class LoadClient(RigProcess generator)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    public static LoadClient Start(BenchRig rig, string loadProgram) => new(rig.Start(new ProcessPlan(
        "generator", rig.Network.ClientNamespace, ProcessRole.Load, [loadProgram, "generate"], UsesPipes: true)));

    public async Task<LoadResult> ExecuteAsync(LoadCommand command)
    {
        using CancellationTokenSource limit = new(Patience);
        await generator.Input.WriteLineAsync(JsonSerializer.Serialize(command, LoadJson.Default.LoadCommand).AsMemory(), limit.Token);
        await generator.Input.FlushAsync(limit.Token);
        string line = await generator.Output.ReadLineAsync(limit.Token) ?? throw new InvalidOperationException("The load generator has ended");
        return JsonSerializer.Deserialize(line, LoadJson.Default.LoadResult)!;
    }
}
