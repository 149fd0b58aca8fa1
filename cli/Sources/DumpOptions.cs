using System.CommandLine;
using Ambient.Lab.State;

namespace Ambient.Cli.Sources;

/// <summary>The options that say where a mesh is looked at: a ztunnel, one of a lab, a control plane, or a file.</summary>
internal sealed class DumpOptions
{
    private const int AdminPort = 15000;

    private readonly bool _controlPlaneKnows;
    private readonly Option<string?> _ztunnel = new("--ztunnel") { Description = "Admin address of the ztunnel to ask. Default: localhost:15000.", HelpName = "HOST:PORT" };
    private readonly Option<string?> _lab = new("--lab") { Description = "Ask a ztunnel of this lab; --node says which.", HelpName = "NAME" };
    private readonly Option<string?> _controlPlane = new("--control-plane") { Description = "Ask the control plane at this debug address what it tells every node.", HelpName = "HOST:PORT" };
    private readonly Option<string?> _file = new("--file", "-f") { Description = "Read a dump that was kept: curl -s localhost:15000/config_dump > dump.json; - is standard input.", HelpName = "PATH" };
    private readonly Option<string?> _node = new("--node") { Description = "With --lab: the node whose ztunnel is asked. Otherwise: only what is on this node.", HelpName = "NODE" };

    /// <param name="controlPlaneKnows">Whether a control plane can be asked, too.</param>
    public DumpOptions(bool controlPlaneKnows)
    {
        _controlPlaneKnows = controlPlaneKnows;
        _lab.CompletionSources.Add(_ => LabStore.FindLabs(LabDirectory.DefaultRoot).Select(name => new System.CommandLine.Completions.CompletionItem(name)));
    }

    public IEnumerable<Option> All => _controlPlaneKnows ? [_ztunnel, _lab, _node, _controlPlane, _file] : [_ztunnel, _lab, _node, _file];

    /// <summary>The node to filter by; null where the option chose the ztunnel.</summary>
    public string? NodeFilter(ParseResult parsed) => parsed.GetValue(_lab) is null ? parsed.GetValue(_node) : null;

    /// <exception cref="CommandException">More than one place is named, or one that is not there.</exception>
    public IDumpSource Choose(ParseResult parsed, string section, TextReader input)
    {
        string? ztunnel = parsed.GetValue(_ztunnel);
        string? lab = parsed.GetValue(_lab);
        string? controlPlane = _controlPlaneKnows ? parsed.GetValue(_controlPlane) : null;
        string? file = parsed.GetValue(_file);
        int named = new[] { ztunnel, lab, controlPlane, file }.Count(place => place is not null);
        if (named > 1)
        {
            throw new CommandException("more than one place to look at is named", "Give one of --ztunnel, --lab, --control-plane and --file.");
        }

        if (file is not null)
        {
            return new FileDumpSource(file, input);
        }

        if (controlPlane is not null)
        {
            return new ControlPlaneDumpSource(HostPort.Parse(controlPlane, ControlPlanes.ControlPlaneClient.DefaultPort, "--control-plane"), section);
        }

        return lab is not null
            ? LabDumpSource.Find(lab, parsed.GetValue(_node))
            : new ZtunnelDumpSource(HostPort.Parse(ztunnel ?? $"localhost:{AdminPort}", AdminPort, "--ztunnel"), null);
    }
}
