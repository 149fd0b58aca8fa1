using System.Collections.Immutable;
using Ambient.Kube.Resources.Discovery;

namespace Ambient.ControlPlane.Translation.State;

/// <summary>What is kept of an EndpointSlice: nothing of an endpoint that is a pod but which pod.</summary>
internal sealed class SliceSource(NamespaceState home, string name, string service)
{
    public NamespaceState Home { get; } = home;

    public string Name { get; } = name;

    /// <summary>The Service whose endpoints these are, in the same namespace.</summary>
    public string Service { get; } = service;

    public required ImmutableArray<SlicePort> Ports { get; init; }

    public required ImmutableArray<SliceEndpoint> Endpoints { get; init; }

    /// <summary>The pods among the endpoints: name and uid.</summary>
    public required ImmutableArray<(string Name, string Uid)> Pods { get; init; }

    public required bool IsFqdn { get; init; }

    /// <summary>Whether its pods are found by it, because its Service selects none.</summary>
    public bool Indexed { get; set; }

    public ImmutableArray<string> Published { get; set; } = [];

    public bool Gone { get; set; }

    public ObjectKey Key => new(ObjectKind.EndpointSlice, Home.Name, Name);
}
