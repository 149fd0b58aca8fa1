using Ambient.ControlPlane.Translation.Inputs;
using Ambient.ControlPlane.Translation.Reports;
using Ambient.ControlPlane.Translation.Services;
using Ambient.ControlPlane.Translation.Settling;
using Ambient.ControlPlane.Translation.State;
using Ambient.ControlPlane.Translation.Waypoints;
using Ambient.Kube.Resources.Core;
using Ambient.Kube.Resources.Discovery;
using Ambient.Kube.Resources.Gateways;
using Ambient.Kube.Resources.Networking;
using Ambient.Kube.Resources.Security;

namespace Ambient.ControlPlane.Translation;

/// <summary>
/// Makes workloads, services and policies of the objects of a cluster (control-plane-and-cni 5). It is given changes and gives what they
/// lead to; the work of a batch is in proportion to what it can affect. No clock, no I/O; one thread at a time.
/// </summary>
/// <remarks>One cluster: the objects of remote clusters (5.7) are not among its inputs.</remarks>
public sealed class MeshTranslator
{
    private readonly TranslationScope _scope;
    private readonly WorkloadInput _workloads;
    private readonly PlaceInput _places;
    private readonly SliceInput _slices;
    private readonly ServiceInput _services;
    private readonly GatewayInput _gateways;
    private readonly PolicyInput _policies;
    private readonly PeerInput _peers;
    private readonly GatewaySettling _gatewaySettling;
    private readonly ServiceSettling _serviceSettling;
    private readonly GroupSettling _groupSettling;
    private readonly WorkloadSettling _workloadSettling;
    private readonly PolicySettling _policySettling;

    public MeshTranslator(TranslationOptions options)
    {
        _scope = new TranslationScope(options);
        AddressAllocator allocator = new(options);
        WaypointResolution waypoints = new(name => _scope.State.Waypoints.GetValueOrDefault(name));
        _workloads = new WorkloadInput(_scope);
        _places = new PlaceInput(_scope);
        _slices = new SliceInput(_scope);
        _services = new ServiceInput(_scope, _slices, allocator);
        _gateways = new GatewayInput(_scope);
        _policies = new PolicyInput(_scope);
        _peers = new PeerInput(_scope);
        _gatewaySettling = new GatewaySettling(_scope);
        _serviceSettling = new ServiceSettling(_scope, _services, allocator, waypoints);
        _groupSettling = new GroupSettling(_scope, waypoints);
        _workloadSettling = new WorkloadSettling(_scope);
        _policySettling = new PolicySettling(_scope);
    }

    /// <summary>Everything that is not honoured now, in the order of the objects.</summary>
    public IEnumerable<Finding> Findings => _scope.Reports.Findings;

    /// <summary>Takes in a batch. Of several changes of one object the last counts.</summary>
    public TranslationResult Apply(IReadOnlyList<ObjectChange> batch)
    {
        Dictionary<ObjectKey, ObjectChange> changes = [];
        foreach (ObjectChange change in batch)
        {
            changes[change.Key] = change;
        }

        foreach (ObjectChange change in changes.Values)
        {
            TakeIn(change);
        }

        Settle();
        foreach (ObjectChange change in changes.Values.Where(change => change.Object is null))
        {
            _scope.Reports.Forget(change.Key);
        }

        foreach (NamespaceState home in _scope.Pending.Emptied.Where(home => home.IsEmpty))
        {
            _scope.State.DropHome(home);
        }

        _scope.Pending.Clear();
        (List<StatusChange> statuses, List<ObjectEvent> events) = _scope.Reports.Settle();
        return new TranslationResult(_scope.Published.Settle(), statuses, events, _serviceSettling.Allocations);
    }

    private void TakeIn(ObjectChange change)
    {
        ObjectKey key = change.Key;
        switch (key.Kind)
        {
            case ObjectKind.Pod:
                _workloads.Set(key, (Pod?)change.Object);
                break;
            case ObjectKind.WorkloadEntry:
                _workloads.Set(key, (WorkloadEntry?)change.Object);
                break;
            case ObjectKind.Node:
                _places.Set(key, (Node?)change.Object);
                break;
            case ObjectKind.Namespace:
                _places.Set(key, (Namespace?)change.Object);
                break;
            case ObjectKind.Service or ObjectKind.ServiceEntry:
                _services.Set(key, change.Object);
                break;
            case ObjectKind.EndpointSlice:
                _slices.Set(key, (EndpointSlice?)change.Object);
                break;
            case ObjectKind.Gateway:
                _gateways.Set(key, (Gateway?)change.Object);
                break;
            case ObjectKind.GatewayClass:
                _gateways.Set(key, (GatewayClass?)change.Object);
                break;
            case ObjectKind.PeerAuthentication:
                _peers.Set(key, (PeerAuthentication?)change.Object);
                break;
            case ObjectKind.AuthorizationPolicy:
                _policies.Set(key, (AuthorizationPolicy?)change.Object);
                break;
        }
    }

    // Each step uses what the ones before it decided, and may add to the work of those after it.
    private void Settle()
    {
        _gatewaySettling.Settle();
        _serviceSettling.SettleNames();
        _serviceSettling.Settle();
        _groupSettling.Settle();
        _workloadSettling.Settle();
        _serviceSettling.Publish();
        _policySettling.Settle();
    }
}
