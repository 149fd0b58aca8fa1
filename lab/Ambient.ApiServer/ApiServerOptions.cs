using System.Net;
using System.Security.Cryptography.X509Certificates;
using Ambient.ApiServer.Storage;

namespace Ambient.ApiServer;

/// <summary>How the server runs.</summary>
public sealed record ApiServerOptions
{
    /// <summary>Port 0 takes a free one.</summary>
    public IPEndPoint Address { get; init; } = new(IPAddress.Loopback, 0);

    /// <summary>Null: HTTP without TLS, for loopback alone.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>Tokens that may do everything; empty: anybody may, which is for loopback alone.</summary>
    public IReadOnlyList<string> AdminTokens { get; init; } = [];

    public ObjectStorageLimits Limits { get; init; } = new();

    /// <summary>Whether the definitions of the mesh's own kinds are there from the start.</summary>
    public bool WithMeshDefinitions { get; init; } = true;

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
