using System.Collections.Immutable;
using Ambient.Kube.Resources;

namespace Ambient.ControlPlane.Statuses;

/// <summary>One server-side apply of an object's status.</summary>
/// <param name="Manager">In whose name.</param>
/// <param name="Conditions">All that the manager has to say; what it said before and is not here goes.</param>
public sealed record ConditionWrite(string Manager, ImmutableArray<Condition> Conditions);
