using System.Collections.Immutable;
using Ambient.Kube.Resources;
using Ambient.Kube.Resources.Core;
using Ambient.Kube.Resources.Networking;
using Ambient.Kube.Resources.Security;

namespace Ambient.ControlPlane.Statuses;

/// <summary>The conditions of an object that are ours to write.</summary>
internal static class CarriedConditions
{
    public static ImmutableArray<Condition> Of(Translation.ObjectKind kind, IKubernetesObject value)
    {
        ImmutableArray<Condition> all = value switch
        {
            Service service => service.Status.Conditions,
            ServiceEntry entry => entry.Status.Conditions,
            WorkloadEntry entry => entry.Status.Conditions,
            AuthorizationPolicy policy => policy.Status.Conditions,
            _ => [],
        };
        return all.Length == 0 ? all : [.. all.Where(condition => FieldManagers.Owns(kind, condition.Type))];
    }
}
