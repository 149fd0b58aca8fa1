using Ambient.ControlPlane.Translation.State;
using Ambient.ControlPlane.Translation.Waypoints;
using Ambient.ControlPlane.Translation.Workloads;
using Ambient.Kube.Resources.Gateways;

namespace Ambient.ControlPlane.Translation.Inputs;

/// <summary>Takes in Gateways and GatewayClasses.</summary>
internal sealed class GatewayInput(TranslationScope scope)
{
    private readonly MeshState _state = scope.State;
    private readonly PendingWork _pending = scope.Pending;

    public void Set(ObjectKey key, Gateway? gateway)
    {
        GatewayName name = new(key.Namespace, key.Name);
        _pending.NetworkGateways |= NetworkGatewayTranslation.IsNetworkGateway(gateway)
            || NetworkGatewayTranslation.IsNetworkGateway(_state.Gateways.GetValueOrDefault(name));
        if (gateway is null)
        {
            _state.Gateways.Remove(name);
        }
        else
        {
            _state.Gateways[name] = gateway;
        }

        _pending.Gateways.Add(name);
        _pending.Targets.Add(key);
    }

    public void Set(ObjectKey key, GatewayClass? gatewayClass)
    {
        if (gatewayClass is null)
        {
            _state.GatewayClasses.Remove(key.Name);
        }
        else
        {
            _state.GatewayClasses[key.Name] = gatewayClass;
        }

        _pending.Targets.Add(key);
        _pending.Gateways.UnionWith(_state.Gateways.Where(gateway => gateway.Value.Spec.GatewayClassName == key.Name).Select(gateway => gateway.Key));
    }
}
