using System.Net;
using Ambient.Bench.Rig;

namespace Ambient.Bench.Systems;

/// <summary>Who listens where. All below the ephemeral range of the namespaces.</summary>
internal static class RigPorts
{
    public const int Hbone = 15008;

    public static IReadOnlyList<RigService> Services { get; } = Enum.GetValues<RigService>();

    /// <summary>The service itself, on every address of the server's node.</summary>
    public static int Sink(RigService service) => 5201 + (int)service;

    /// <summary>Where the client's side of a pair takes connections for the service.</summary>
    public static IPEndPoint Entry(int pair, RigService service) => new(IPAddress.Loopback, 20_000 + (10 * pair) + (int)service);

    /// <summary>Where the server's side of a pair with one listener per service takes them from the link.</summary>
    public static IPEndPoint Tunnel(int pair, RigService service) => new(RigNetwork.ServerAddress, 21_000 + (10 * pair) + (int)service);
}
