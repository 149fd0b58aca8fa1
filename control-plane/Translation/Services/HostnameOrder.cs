using Ambient.ControlPlane.Translation.State;

namespace Ambient.ControlPlane.Translation.Services;

/// <summary>Who has a host name that several declare (control-plane-and-cni 5.6): a Kubernetes Service, else the oldest.</summary>
internal static class HostnameOrder
{
    public static int Compare(HostClaim left, HostClaim right)
    {
        int order = right.Source.IsKubernetes.CompareTo(left.Source.IsKubernetes);
        order = order != 0 ? order : left.Source.Shape.Created.CompareTo(right.Source.Shape.Created);
        return order != 0 ? order : left.Source.Key.CompareTo(right.Source.Key);
    }
}
