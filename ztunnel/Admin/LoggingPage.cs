using Ambient.Ztunnel.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace Ambient.Ztunnel.Admin;

/// <summary><c>/logging</c> (node-proxy 9.5): shows and changes the log filter while the program runs.</summary>
/// <param name="initial">The filter of the start, which a reset returns to.</param>
internal sealed class LoggingPage(LoggerProvider loggers, LogFilter initial, ILogger logger)
{
    private const string Help = """
        usage: POST /logging                          show the log level
               POST /logging?level=<level>            add a level: trace, debug, info, warn, error or off
               POST /logging?level=<target>=<level>   add a level for a target; several with commas
               POST /logging?reset                    back to the level of the start
               POST /logging?reset&level=<level>      back, then add

        """;

    private readonly Lock _lock = new();

    public Task ServeAsync(HttpContext context)
    {
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            context.Response.Headers.Allow = HttpMethods.Post;
            return PlainText.WriteAsync(context, StatusCodes.Status405MethodNotAllowed, "Invalid HTTP method\n" + Help);
        }

        IQueryCollection query = context.Request.Query;
        if (query.Keys.FirstOrDefault(key => key is not ("level" or "reset")) is { } unknown)
        {
            return PlainText.WriteAsync(context, StatusCodes.Status400BadRequest, $"Invalid query parameter: {unknown}\n{Help}");
        }

        string? error = Change(query.ContainsKey("reset"), query["level"]);
        return error is null
            ? PlainText.WriteAsync(context, StatusCodes.Status200OK, $"current log level is {loggers.Filter}\n")
            : PlainText.WriteAsync(context, StatusCodes.Status400BadRequest, $"Invalid level provided: {error}\n{Help}");
    }

    /// <summary>Null when done. Two changes at once must not lose one.</summary>
    private string? Change(bool isReset, StringValues level)
    {
        lock (_lock)
        {
            LogFilter filter = isReset ? initial : loggers.Filter;
            string added = level.ToString();
            if (level.Count > 0 && !(isReset && added.Length == 0))
            {
                if (!filter.TryAdd(added, out LogFilter? changed, out string? error))
                {
                    return error;
                }

                filter = changed;
            }

            if (!ReferenceEquals(filter, loggers.Filter))
            {
                loggers.Apply(filter);
                AdminLog.LevelChanged(logger, filter.ToString());
            }

            return null;
        }
    }
}
