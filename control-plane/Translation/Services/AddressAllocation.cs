using System.Collections.Immutable;
using Ambient.Kube.Resources.Networking;

namespace Ambient.ControlPlane.Translation.Services;

/// <summary>A decision that a ServiceEntry has these addresses, to be written to its <c>status.addresses</c>.</summary>
/// <param name="Entry">The ServiceEntry.</param>
/// <param name="Addresses">All that the status should hold, with those it holds already.</param>
public sealed record AddressAllocation(ObjectKey Entry, ImmutableArray<ServiceEntryAddress> Addresses);
