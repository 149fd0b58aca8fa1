using Ambient.ControlPlane.Translation.Selection;
using Ambient.ControlPlane.Translation.Services;
using Ambient.ControlPlane.Translation.State;
using Ambient.Kube.Resources;
using Ambient.Kube.Resources.Core;
using Ambient.Kube.Resources.Networking;

namespace Ambient.ControlPlane.Translation.Inputs;

/// <summary>Takes in Services and ServiceEntries.</summary>
internal sealed class ServiceInput(TranslationScope scope, SliceInput slices, AddressAllocator allocator)
{
    private readonly MeshState _state = scope.State;
    private readonly PendingWork _pending = scope.Pending;

    public void Set(ObjectKey key, IKubernetesObject? value)
    {
        NamespaceState home = _state.Home(key.Namespace);
        home.Services.TryGetValue(key, out ServiceSource? before);
        _pending.Targets.Add(key);
        if (key.Kind == ObjectKind.ServiceEntry)
        {
            allocator.Set(key, value as ServiceEntry);
            _pending.Allocations = true;
        }

        if (value is null)
        {
            Remove(before);
            _pending.Emptied.Add(home);
            return;
        }

        ServiceShape shape = value is Service service ? ServiceShapes.Of(service, scope.Options) : ServiceShapes.Of((ServiceEntry)value);
        if (before is not null && InlineEndpoints.StaySame(before.Entry, value as ServiceEntry) && before.Shape.IsSameAs(shape))
        {
            before.Object = value;
            _pending.Services.Add(before);
            return;
        }

        Remove(before);
        Add(new ServiceSource(key, home, value, shape));
    }

    /// <summary>Whoever is a member of a service is translated again.</summary>
    public void AddMembers(ServiceSource service)
    {
        _pending.Workloads.UnionWith(service.Inline);
        slices.Touch(service);
        if (service.Shape.Selector is { } selector)
        {
            foreach (LabelGroup group in service.Home.Labels.SelectedBy(selector))
            {
                _pending.Groups.Add(group);
                _pending.AddMembers(group);
            }
        }
    }

    private void Add(ServiceSource service)
    {
        service.Home.Services.Add(service.Key, service);
        _pending.Services.Add(service);
        foreach (HostClaim claim in service.Claims)
        {
            if (!_state.Hostnames.TryGetValue(claim.Hostname, out List<HostClaim>? claims))
            {
                _state.Hostnames.Add(claim.Hostname, claims = []);
            }

            claims.Add(claim);
            _pending.Hostnames.Add(claim.Hostname);
        }

        if (service.Shape.Selector is not null)
        {
            service.Home.Selectors.Add(service);
        }

        foreach (InlineSource inline in InlineEndpoints.Of(service))
        {
            service.Inline.Add(inline);
            service.Home.Join(LabelSet.Of(inline.Endpoint.Labels), inline, _pending);
        }

        slices.Index(service);
        AddMembers(service);
    }

    private void Remove(ServiceSource? service)
    {
        if (service is null)
        {
            return;
        }

        AddMembers(service);
        slices.Unindex(service);
        foreach (InlineSource inline in service.Inline)
        {
            inline.Gone = true;
            _state.Leave(inline, _pending);
        }

        if (service.Shape.Selector is not null)
        {
            service.Home.Selectors.Remove(service);
        }

        foreach (HostClaim claim in service.Claims)
        {
            List<HostClaim> claims = _state.Hostnames[claim.Hostname];
            claims.Remove(claim);
            _pending.Hostnames.Add(claim.Hostname);
            _pending.ServiceNames.Add((service.Home.Name, claim.Hostname));
        }

        service.Gone = true;
        service.Home.Services.Remove(service.Key);
        _state.WaypointUsers.Remove(service);
        _pending.Services.Remove(service);
    }
}
