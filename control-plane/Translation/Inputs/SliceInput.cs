using Ambient.ControlPlane.Translation.State;
using Ambient.Kube.Resources;
using Ambient.Kube.Resources.Discovery;

namespace Ambient.ControlPlane.Translation.Inputs;

/// <summary>Takes in EndpointSlices. The pods of one are looked up only where its Service selects none itself.</summary>
internal sealed class SliceInput(TranslationScope scope)
{
    private static readonly HashSet<SliceSource> None = [];
    private readonly MeshState _state = scope.State;
    private readonly PendingWork _pending = scope.Pending;

    public void Set(ObjectKey key, EndpointSlice? slice)
    {
        NamespaceState home = _state.Home(key.Namespace);
        if (home.Slices.Remove(key.Name, out SliceSource? before))
        {
            Remove(before);
        }

        string service = slice?.Metadata.Labels.GetValueOrDefault(MeshLabels.SliceService) ?? "";
        if (slice is null || service.Length == 0)
        {
            scope.Reports.Clear(key);
            _pending.Emptied.Add(home);
            return;
        }

        SliceSource source = Read(home, slice, service);
        home.Slices.Add(source.Name, source);
        SetOf(home.SlicesByService, service).Add(source);
        _pending.Slices.Add(source);
        if (ServiceOf(source)?.TakesSlices == true)
        {
            Index(source);
        }
    }

    /// <summary>A Service came that may need the pods of its slices.</summary>
    public void Index(ServiceSource service)
    {
        if (service.TakesSlices)
        {
            foreach (SliceSource slice in Of(service))
            {
                Index(slice);
            }
        }
    }

    public void Unindex(ServiceSource service)
    {
        foreach (SliceSource slice in Of(service))
        {
            Unindex(slice);
        }
    }

    /// <summary>Whoever is an endpoint of a service by its slices is translated again.</summary>
    public void Touch(ServiceSource service)
    {
        foreach (SliceSource slice in Of(service))
        {
            _pending.Slices.Add(slice);
            if (slice.Indexed)
            {
                TouchPods(slice);
            }
        }
    }

    private static HashSet<SliceSource> Of(ServiceSource service) =>
        service.IsKubernetes && service.Home.SlicesByService.TryGetValue(service.Key.Name, out HashSet<SliceSource>? slices) ? slices : None;

    private static ServiceSource? ServiceOf(SliceSource slice) =>
        slice.Home.Services.GetValueOrDefault(new ObjectKey(ObjectKind.Service, slice.Home.Name, slice.Service));

    private void Remove(SliceSource slice)
    {
        Unindex(slice);
        slice.Gone = true;
        _pending.Slices.Add(slice);
        RemoveFrom(slice.Home.SlicesByService, slice.Service, slice);
    }

    private void Index(SliceSource slice)
    {
        slice.Indexed = true;
        foreach ((string pod, _) in slice.Pods)
        {
            SetOf(slice.Home.SlicesByPod, pod).Add(slice);
        }

        TouchPods(slice);
    }

    private void Unindex(SliceSource slice)
    {
        if (!slice.Indexed)
        {
            return;
        }

        slice.Indexed = false;
        foreach ((string pod, _) in slice.Pods)
        {
            RemoveFrom(slice.Home.SlicesByPod, pod, slice);
        }

        TouchPods(slice);
    }

    private void TouchPods(SliceSource slice)
    {
        foreach ((string name, _) in slice.Pods)
        {
            if (slice.Home.Pods.TryGetValue(name, out PodSource? pod))
            {
                _pending.Workloads.Add(pod);
            }
        }
    }

    private static SliceSource Read(NamespaceState home, EndpointSlice slice, string service) => new(home, slice.Metadata.Name, service)
    {
        Ports = slice.Ports,
        Endpoints = [.. slice.Endpoints.Where(endpoint => !IsPod(endpoint.TargetRef))],
        Pods = [.. slice.Endpoints.Where(endpoint => IsPod(endpoint.TargetRef) && IsIn(endpoint.TargetRef!, home))
            .Select(endpoint => (endpoint.TargetRef!.Name, endpoint.TargetRef.Uid)).Distinct()],
        IsFqdn = slice.AddressType == "FQDN",
    };

    private static bool IsPod(ObjectReference? target) => target?.Kind == "Pod";

    private static bool IsIn(ObjectReference target, NamespaceState home) => target.Namespace.Length == 0 || target.Namespace == home.Name;

    private static HashSet<SliceSource> SetOf(Dictionary<string, HashSet<SliceSource>> index, string key)
    {
        if (!index.TryGetValue(key, out HashSet<SliceSource>? slices))
        {
            index.Add(key, slices = []);
        }

        return slices;
    }

    private static void RemoveFrom(Dictionary<string, HashSet<SliceSource>> index, string key, SliceSource slice)
    {
        if (index.TryGetValue(key, out HashSet<SliceSource>? slices) && slices.Remove(slice) && slices.Count == 0)
        {
            index.Remove(key);
        }
    }
}
