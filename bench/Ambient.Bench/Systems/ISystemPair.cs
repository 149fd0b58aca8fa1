using System.Net;
using Ambient.Bench.Rig;

namespace Ambient.Bench.Systems;

/// <summary>One way from the client's node to the server's: a proxy on each, or nothing.</summary>
internal interface ISystemPair
{
    string Name { get; }

    /// <summary>The proxy on the client's node; null for the direct path.</summary>
    RigProcess? ClientSide { get; }

    /// <summary>The proxy on the server's node; null for the direct path.</summary>
    RigProcess? ServerSide { get; }

    /// <summary>Where the server's side takes TLS from the link; null when the pair does not encrypt.</summary>
    IPEndPoint? TlsListener { get; }

    /// <summary>True when many connections share one TLS connection, so that a new one costs no handshake.</summary>
    bool SharesTunnels { get; }

    /// <summary>Where an application connects to reach the service.</summary>
    IPEndPoint Entry(RigService service);

    Task StartAsync(BenchRig rig);

    Task StopAsync(BenchRig rig);
}
