using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Ambient.Transport.Interop;
using Microsoft.Win32.SafeHandles;

namespace Ambient.Transport.Namespaces;

/// <summary>A network namespace kept alive by a descriptor. Thread-safe.</summary>
public sealed unsafe class NetworkNamespace : IDisposable
{
    /// <summary>struct statx is the same on every architecture, unlike struct stat.</summary>
    private const int StatusBytes = 256;
    private const int StatusInodeOffset = 32;
    private const int StatusDeviceMajorOffset = 136;

    private readonly SafeFileHandle _handle;

    private NetworkNamespace(int descriptor, string name)
    {
        _handle = new SafeFileHandle(descriptor, ownsHandle: true);
        Name = name;
        byte* status = stackalloc byte[StatusBytes];
        byte empty = 0;
        if (LibC.FileStatus(descriptor, &empty, LinuxConstants.AtEmptyPath, LinuxConstants.StatusInode, status) != 0)
        {
            int errno = Marshal.GetLastPInvokeError();
            _handle.Dispose();
            throw new IOException($"The namespace {name} cannot be read: errno {errno}.");
        }

        Inode = *(ulong*)(status + StatusInodeOffset);
        Device = ((ulong)*(uint*)(status + StatusDeviceMajorOffset) << 32) | *(uint*)(status + StatusDeviceMajorOffset + 4);
    }

    /// <summary>For messages: the path, or where the descriptor came from.</summary>
    public string Name { get; }

    /// <summary>With <see cref="Device"/> what tells two namespaces apart (node-proxy 6.4).</summary>
    public ulong Inode { get; }

    public ulong Device { get; }

    /// <param name="path">Such as <c>/run/netns/NAME</c> or <c>/proc/PID/ns/net</c>.</param>
    /// <exception cref="IOException">There is no such file, or it cannot be opened.</exception>
    public static NetworkNamespace Open(string path)
    {
        int descriptor = LibC.Open(path, LinuxConstants.OpenCloseOnExec);
        return descriptor >= 0
            ? new NetworkNamespace(descriptor, path)
            : throw new IOException($"The network namespace {path} cannot be opened: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}.");
    }

    /// <summary>A new namespace with nothing in it but its loopback interface, which is up. It ends with its last descriptor and socket.</summary>
    /// <exception cref="IOException">It may not be made (CAP_SYS_ADMIN is missing), or descriptors ran out.</exception>
    public static NetworkNamespace Create() => OnThreadOfItsOwn(() =>
    {
        if (LibC.Unshare(LinuxConstants.CloneNewNetwork) != 0)
        {
            throw new IOException($"A network namespace cannot be made: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}.");
        }

        NetworkNamespace made = Open("/proc/thread-self/ns/net");
        try
        {
            TurnLoopbackOn();
            return made;
        }
        catch
        {
            made.Dispose();
            throw;
        }
    });

    /// <summary>Takes over a descriptor, such as one received over a UNIX socket.</summary>
    /// <exception cref="IOException">It cannot be looked at; it is closed.</exception>
    public static NetworkNamespace FromDescriptor(int descriptor, string name) => new(descriptor, name);

    /// <summary>A second descriptor of the same namespace, with a life of its own.</summary>
    /// <exception cref="IOException">It was disposed, or descriptors ran out.</exception>
    public NetworkNamespace Duplicate()
    {
        bool isHeld = false;
        try
        {
            int copy = TryHold(ref isHeld, out int descriptor) ? LibC.FileControl(descriptor, LinuxConstants.FileDuplicateCloseOnExec, 0) : -1;
            return copy >= 0
                ? new NetworkNamespace(copy, Name)
                : throw new IOException($"The network namespace {Name} cannot be kept: {Marshal.GetPInvokeErrorMessage(isHeld ? Marshal.GetLastPInvokeError() : Errno.BadDescriptor)}.");
        }
        finally
        {
            if (isHeld)
            {
                Release();
            }
        }
    }

    /// <summary>The namespace of the process itself.</summary>
    public static NetworkNamespace OpenOwn() => Open("/proc/self/ns/net");

    public bool IsSameAs(NetworkNamespace other) => Inode == other.Inode && Device == other.Device;

    /// <summary>
    /// Runs <paramref name="action"/> inside the namespace and waits for it. It has a thread of its own that ends with it, so
    /// no other code can find itself in the wrong namespace, whatever the action does. Costs a thread: for setting up, not for
    /// connections.
    /// </summary>
    /// <exception cref="IOException">The namespace cannot be entered (CAP_SYS_ADMIN is missing, or it was disposed).</exception>
    public T Run<T>(Func<T> action) => OnThreadOfItsOwn(() =>
    {
        EnterForGood();
        return action();
    });

    private static T OnThreadOfItsOwn<T>(Func<T> action)
    {
        T result = default!;
        ExceptionDispatchInfo? error = null;
        var thread = new Thread(() =>
        {
            try
            {
                result = action();
            }
            catch (Exception caught)
            {
                error = ExceptionDispatchInfo.Capture(caught);
            }
        })
        {
            IsBackground = true,
            Name = "namespace",
        };
        thread.Start();
        thread.Join();
        error?.Throw();
        return result;
    }

    private static void TurnLoopbackOn()
    {
        InterfaceRequest request = new() { Flags = LinuxConstants.InterfaceUp };
        "lo"u8.CopyTo(new Span<byte>(request.Name, 16));
        int socket = LibC.Socket(LinuxConstants.FamilyIPv4, LinuxConstants.SocketDatagram | LinuxConstants.SocketCloseOnExec, 0);
        int result = LibC.InterfaceControl(socket, LinuxConstants.SetInterfaceFlags, &request);
        int error = Marshal.GetLastPInvokeError();
        _ = LibC.Close(socket);
        if (result != 0)
        {
            throw new IOException($"The loopback interface of a new network namespace cannot be turned on: {Marshal.GetPInvokeErrorMessage(error)}.");
        }
    }

    /// <summary>Sockets in the namespace live on; new ones can no longer be made through this object.</summary>
    public void Dispose() => _handle.Dispose();

    internal bool TryHold(ref bool isHeld, out int descriptor)
    {
        descriptor = -1;
        if (_handle.IsClosed)
        {
            return false;
        }

        try
        {
            _handle.DangerousAddRef(ref isHeld);
        }
        catch (ObjectDisposedException)
        {
            return false;
        }

        descriptor = (int)_handle.DangerousGetHandle();
        return true;
    }

    internal void Release() => _handle.DangerousRelease();

    private void EnterForGood()
    {
        bool isHeld = false;
        try
        {
            int errno = TryHold(ref isHeld, out int descriptor) ? NamespaceSection.Enter(descriptor) : Errno.BadDescriptor;
            if (errno != 0)
            {
                throw new IOException($"The network namespace {Name} cannot be entered: {Marshal.GetPInvokeErrorMessage(errno)}.");
            }
        }
        finally
        {
            if (isHeld)
            {
                Release();
            }
        }
    }
}
