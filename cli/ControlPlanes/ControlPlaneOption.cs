using System.CommandLine;
using Ambient.Cli.Sources;

namespace Ambient.Cli.ControlPlanes;

/// <summary><c>--control-plane HOST:PORT</c>.</summary>
internal static class ControlPlaneOption
{
    private const string Name = "--control-plane";

    public static Option<string> Create() => new(Name)
    {
        Description = "Debug address of the control plane.",
        DefaultValueFactory = _ => $"localhost:{ControlPlaneClient.DefaultPort}",
        HelpName = "HOST:PORT",
    };

    /// <exception cref="CommandException">It is not an address.</exception>
    public static ControlPlaneClient Connect(string value) => new(HostPort.Parse(value, ControlPlaneClient.DefaultPort, Name));
}
