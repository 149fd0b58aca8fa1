using Ambient.Lab.Plans;
using Ambient.Lab.Specs;

namespace Ambient.Lab.Workloads;

/// <summary>
/// nginx with a fixed text that tells the caller its address, files below /files/, and the same files slowly below /slow/.
/// One process without a master, so that ending it ends all of it.
/// </summary>
public sealed class NginxWorkload(string name, int port) : IWorkload
{
    public const string AccessLog = "access.log";
    public const string FilesDirectory = "files";

    /// <summary>Rate below /slow/: a download of some megabytes lasts long enough to be watched.</summary>
    private const string SlowRate = "256k";

    public string Program => "nginx";

    public int? Port => port;

    public static string Greeting(string name) => $"hello from {name}";

    public IReadOnlyList<string> Prepare(string directory, LabPlan plan)
    {
        Directory.CreateDirectory(Path.Combine(directory, FilesDirectory));
        string configuration = Path.Combine(directory, "nginx.conf");
        File.WriteAllText(configuration, RenderConfiguration(directory));
        return ["nginx", "-e", "stderr", "-p", directory, "-c", configuration];
    }

    internal string RenderConfiguration(string directory) =>
        $$"""
        daemon off;
        master_process off;
        pid "{{directory}}/nginx.pid";
        error_log stderr notice;
        events { worker_connections 8192; }
        http {
            log_format seen '$remote_addr $remote_port "$request" $status $body_bytes_sent';
            access_log "{{directory}}/{{AccessLog}}" seen;
            client_body_temp_path "{{directory}}/body";
            proxy_temp_path "{{directory}}/proxy";
            fastcgi_temp_path "{{directory}}/fastcgi";
            uwsgi_temp_path "{{directory}}/uwsgi";
            scgi_temp_path "{{directory}}/scgi";
            default_type text/plain;
            sendfile on;
            server {
                listen 0.0.0.0:{{port}} backlog=4096;
                listen [::]:{{port}} backlog=4096;
                location / { return 200 "{{Greeting(name)}}, you are $remote_addr\n"; }
                location /{{FilesDirectory}}/ { alias "{{directory}}/{{FilesDirectory}}/"; }
                location /slow/ { alias "{{directory}}/{{FilesDirectory}}/"; limit_rate {{SlowRate}}; }
            }
        }

        """;
}
