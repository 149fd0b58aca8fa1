using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Ambient.Kube.Resources.Networking;
using Ambient.Mesh.Addresses;

namespace Ambient.ControlPlane.Translation.Services;

/// <summary>
/// Gives addresses to ServiceEntries that have none (control-plane-and-cni 5.6): a place in the pool that follows from the name, the next
/// free one when it is taken. Of two that hold one address the older keeps it. Entries without all their addresses are looked at again
/// after every batch; the others cost nothing.
/// </summary>
internal sealed class AddressAllocator(TranslationOptions options)
{
    private readonly Dictionary<ObjectKey, ServiceEntry> _entries = [];
    private readonly Dictionary<MeshIp, SortedSet<(DateTimeOffset Created, ObjectKey Key)>> _holders = [];
    private readonly HashSet<ObjectKey> _waiting = [];

    /// <summary>Whether a host of an entry is given addresses.</summary>
    public static bool Wants(ServiceEntry entry, string hostname, TranslationOptions options) =>
        options.AllocateAddresses
        && entry.Spec.Addresses.IsEmpty
        && !EntryResolution.IsPassThrough(entry.Spec)
        && !string.Equals(entry.Metadata.Labels.GetValueOrDefault(MeshLabels.AutoAllocate), "false", StringComparison.OrdinalIgnoreCase)
        && (!EntryResolution.IsWildcard(hostname) || EntryResolution.IsDynamic(entry.Spec));

    public void Set(ObjectKey key, ServiceEntry? entry)
    {
        if (_entries.Remove(key, out ServiceEntry? before))
        {
            foreach (MeshIp ip in Held(before))
            {
                Release(ip, key, before);
            }
        }

        _waiting.Remove(key);
        if (entry is null)
        {
            return;
        }

        _entries.Add(key, entry);
        if (WantedHosts(entry).Any())
        {
            _waiting.Add(key);
        }

        foreach (MeshIp ip in Held(entry))
        {
            Claim(ip, key, entry);
        }
    }

    /// <summary>What the entries that wait should hold, the oldest first.</summary>
    /// <param name="exhausted">Receives the entries for which the pools have no address left.</param>
    public List<AddressAllocation> Decide(ICollection<ObjectKey> exhausted)
    {
        List<AddressAllocation> decisions = [];
        HashSet<MeshIp> given = [];
        List<ObjectKey> settled = [];
        foreach (ObjectKey key in _waiting.OrderBy(key => CreatedOf(_entries[key])).ThenBy(key => key))
        {
            ServiceEntry entry = _entries[key];
            ImmutableArray<ServiceEntryAddress>? addresses = Decide(key, entry, given, exhausted);
            if (addresses is null)
            {
                settled.Add(key);
            }
            else
            {
                decisions.Add(new AddressAllocation(key, addresses.Value));
            }
        }

        _waiting.ExceptWith(settled);
        return decisions;
    }

    private ImmutableArray<ServiceEntryAddress>? Decide(
        ObjectKey key, ServiceEntry entry, HashSet<MeshIp> given, ICollection<ObjectKey> exhausted)
    {
        bool differs = false;
        ImmutableArray<ServiceEntryAddress>.Builder addresses = ImmutableArray.CreateBuilder<ServiceEntryAddress>();
        foreach (string host in WantedHosts(entry))
        {
            foreach (IpPrefix pool in (ReadOnlySpan<IpPrefix>)[options.IPv4Pool, options.IPv6Pool])
            {
                if (Keeps(key, entry, host, pool) is { } kept)
                {
                    addresses.Add(kept);
                    continue;
                }

                differs = true;
                MeshIp ip = Free(pool, $"{key.Namespace}/{key.Name}/{host}", given);
                if (ip.IsValid)
                {
                    given.Add(ip);
                    addresses.Add(new ServiceEntryAddress { Value = ip.ToString(), Host = host });
                }
                else
                {
                    exhausted.Add(key);
                }
            }
        }

        return differs ? addresses.DrainToImmutable() : null;
    }

    // An address of the family that a user wrote outside the pool is as good as one of ours.
    private ServiceEntryAddress? Keeps(ObjectKey key, ServiceEntry entry, string host, IpPrefix pool) =>
        entry.Status.Addresses.FirstOrDefault(address => address.Host == host
            && MeshIp.TryParse(address.Value, out MeshIp ip)
            && ip.IsIPv4 == pool.Address.IsIPv4
            && _holders.TryGetValue(ip, out SortedSet<(DateTimeOffset Created, ObjectKey Key)>? holders)
            && holders.Min.Key == key);

    private MeshIp Free(IpPrefix pool, string name, HashSet<MeshIp> given)
    {
        int hostBits = Math.Min(pool.Address.BitLength - pool.Length, 62);
        ulong size = 1UL << hostBits;
        ulong start = BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
        ulong tries = Math.Min(size, (ulong)(_holders.Count + given.Count) + 3);
        for (ulong step = 0; step < tries; step++)
        {
            ulong offset = (start + step) & (size - 1);

            // The first and the last address of an IPv4 block are not those of a host.
            bool usable = pool.Address.IsIPv6 || (offset != 0 && offset != size - 1);
            MeshIp ip = At(pool, offset);
            if (usable && !_holders.ContainsKey(ip) && !given.Contains(ip))
            {
                return ip;
            }
        }

        return default;
    }

    private static MeshIp At(IpPrefix pool, ulong offset)
    {
        byte[] bytes = pool.Masked.Address.ToIPAddress().GetAddressBytes();
        for (int index = bytes.Length - 1; index >= 0 && offset > 0; index--, offset >>= 8)
        {
            bytes[index] |= (byte)offset;
        }

        return MeshIp.TryFromBytes(bytes, out MeshIp ip) ? ip : default;
    }

    private IEnumerable<string> WantedHosts(ServiceEntry entry) =>
        entry.Spec.Hosts.Where(ServiceShapes.IsHost).Distinct().Where(host => Wants(entry, host, options));

    private static IEnumerable<MeshIp> Held(ServiceEntry entry) => entry.Status.Addresses
        .Select(address => MeshIp.TryParse(address.Value, out MeshIp ip) ? ip : default).Where(ip => ip.IsValid).Distinct();

    private void Claim(MeshIp ip, ObjectKey key, ServiceEntry entry)
    {
        if (!_holders.TryGetValue(ip, out SortedSet<(DateTimeOffset Created, ObjectKey Key)>? holders))
        {
            _holders.Add(ip, holders = []);
        }

        holders.Add((CreatedOf(entry), key));
        WaitAll(holders);
    }

    private void Release(MeshIp ip, ObjectKey key, ServiceEntry entry)
    {
        SortedSet<(DateTimeOffset Created, ObjectKey Key)> holders = _holders[ip];
        holders.Remove((CreatedOf(entry), key));
        WaitAll(holders);
        if (holders.Count == 0)
        {
            _holders.Remove(ip);
        }
    }

    // Who holds an address with others may have lost it, or won it back.
    private void WaitAll(SortedSet<(DateTimeOffset Created, ObjectKey Key)> holders)
    {
        if (holders.Count > 1)
        {
            _waiting.UnionWith(holders.Where(holder => _entries.TryGetValue(holder.Key, out ServiceEntry? entry) && WantedHosts(entry).Any())
                .Select(holder => holder.Key));
        }
    }

    private static DateTimeOffset CreatedOf(ServiceEntry entry) => entry.Metadata.CreationTimestamp ?? default;
}
