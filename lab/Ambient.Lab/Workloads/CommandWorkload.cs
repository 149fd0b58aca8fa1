using Ambient.Lab.Specs;

namespace Ambient.Lab.Workloads;

/// <summary>Any program, started in the pod as it is given.</summary>
public sealed class CommandWorkload(IReadOnlyList<string> commandLine, int? port = null) : IWorkload
{
    public string Program => commandLine[0];

    public int? Port => port;

    public IReadOnlyList<string> Prepare(string directory) => commandLine;
}
