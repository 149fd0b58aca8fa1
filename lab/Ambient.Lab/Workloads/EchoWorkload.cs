using Ambient.Lab.Plans;
using Ambient.Lab.Programs;
using Ambient.Lab.Specs;

namespace Ambient.Lab.Workloads;

/// <summary>The server side of <c>ambientctl probe</c>: half-close and many connections at once.</summary>
public sealed class EchoWorkload(int port) : IWorkload
{
    public string Program => OwnProgram.Path;

    public int? Port => port;

    public IReadOnlyList<string> Prepare(string directory, LabPlan plan) => [Program, "probe", "serve", "--port", $"{port}"];
}
