using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Ambient.Kube.Client;
using Ambient.Kube.Resources;

namespace Ambient.Kube.Watching;

/// <summary>
/// The objects of a kind as they were last seen. One loop writes; anybody reads at any time. A new list replaces object by object what
/// changed, so that two lists are never held; what it does not contain goes when it has ended.
/// </summary>
public sealed class ObjectStore<T> : IReflectorTarget<T>
    where T : class, IKubernetesObject
{
    private readonly ConcurrentDictionary<ObjectName, Entry> _entries = new();
    private readonly IReadOnlyList<IInformerHandler<T>> _handlers;
    private readonly Action<ObjectName, Exception> _handlerFailed;
    private readonly TaskCompletionSource _synced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _list;

    /// <param name="handlers">Told of every change.</param>
    /// <param name="handlerFailed">Told of a handler that threw.</param>
    internal ObjectStore(IReadOnlyList<IInformerHandler<T>> handlers, Action<ObjectName, Exception> handlerFailed)
    {
        _handlers = handlers;
        _handlerFailed = handlerFailed;
    }

    public int Count => _entries.Count;

    /// <summary>The objects, in no order. Those that change while they are enumerated may be seen as before or as after.</summary>
    public IEnumerable<T> Values => _entries.Select(pair => pair.Value.Object);

    /// <summary>Done when the first list is here and handled.</summary>
    public Task Synced => _synced.Task;

    public bool TryGet(ObjectName name, [NotNullWhen(true)] out T? value)
    {
        value = _entries.TryGetValue(name, out Entry entry) ? entry.Object : null;
        return value is not null;
    }

    void IReflectorTarget<T>.BeginList() => _list++;

    void IReflectorTarget<T>.Listed(T value) => Put(value);

    int IReflectorTarget<T>.EndList()
    {
        foreach ((ObjectName name, Entry entry) in _entries)
        {
            if (entry.List != _list)
            {
                Remove(name, entry.Object);
            }
        }

        if (_synced.TrySetResult())
        {
            Tell(default, handler => handler.Synced());
        }

        return _entries.Count;
    }

    void IReflectorTarget<T>.Changed(T value) => Put(value);

    void IReflectorTarget<T>.Deleted(T last) => Remove(NameOf(last), last);

    /// <summary>The kind is not served: as a list without objects.</summary>
    internal void Clear()
    {
        IReflectorTarget<T> target = this;
        target.BeginList();
        target.EndList();
    }

    private static ObjectName NameOf(T value) => new(value.Metadata.Namespace, value.Metadata.Name);

    private void Put(T value)
    {
        ObjectName name = NameOf(value);
        if (!_entries.TryGetValue(name, out Entry entry))
        {
            _entries[name] = new Entry(value, _list);
            Tell(name, handler => handler.Added(value));
            return;
        }

        T previous = entry.Object;
        if (IsSame(previous, value))
        {
            _entries[name] = entry with { List = _list };
            return;
        }

        _entries[name] = new Entry(value, _list);
        if (previous.Metadata.Uid == value.Metadata.Uid)
        {
            Tell(name, handler => handler.Updated(previous, value));
            return;
        }

        // Another object took the name while nobody watched: handlers that keep something for one object must let go of it.
        Tell(name, handler => handler.Deleted(previous));
        Tell(name, handler => handler.Added(value));
    }

    private static bool IsSame(T previous, T value) =>
        previous.Metadata.ResourceVersion.Length > 0
        && previous.Metadata.ResourceVersion == value.Metadata.ResourceVersion
        && previous.Metadata.Uid == value.Metadata.Uid;

    private void Remove(ObjectName name, T last)
    {
        if (_entries.TryRemove(name, out _))
        {
            Tell(name, handler => handler.Deleted(last));
        }
    }

    private void Tell(ObjectName name, Action<IInformerHandler<T>> tell)
    {
        foreach (IInformerHandler<T> handler in _handlers)
        {
            try
            {
                tell(handler);
            }
            catch (Exception error)
            {
                _handlerFailed(name, error);
            }
        }
    }

    /// <param name="Object">The object.</param>
    /// <param name="List">The last list that was under way when it was seen.</param>
    private readonly record struct Entry(T Object, long List);
}
