namespace ActorFlow.Runtime.Tasks;

/// <summary>
/// Handlers share the thread pool with the actors, and one that blocks its thread takes that from them. Left alone the pool adds
/// a thread or two a second, too few for a node full of such handlers: its heartbeats would stop. So a thread outside the pool
/// looks whether the pool still gets to its work while handlers run, and if not lets it have one more thread for each of them.
/// </summary>
internal sealed class PoolWatch : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly Func<int> _running;
    private readonly ManualResetEventSlim _stop = new();
    private readonly AutoResetEvent _ran = new(false);
    private readonly int _usual;
    private int _granted;

    public PoolWatch(Func<int> running)
    {
        _running = running;
        ThreadPool.GetMinThreads(out _usual, out _);
        new Thread(Watch) { IsBackground = true, Name = "actorflow-pool-watch" }.Start();
    }

    public void Dispose() => _stop.Set();

    private void Watch()
    {
        while (!_stop.Wait(Pause))
        {
            var running = _running();
            if (running == 0)
            {
                Grant(0);
            }
            else if (!PoolGetsToItsWork())
            {
                Grant(running);
            }
        }

        Grant(0);
    }

    private bool PoolGetsToItsWork()
    {
        _ran.Reset();
        ThreadPool.UnsafeQueueUserWorkItem(static ran => ran.Set(), _ran, preferLocal: false);
        return _ran.WaitOne(Pause);
    }

    private void Grant(int threads)
    {
        if (threads != _granted)
        {
            _granted = threads;
            ThreadPool.GetMinThreads(out _, out var completionPorts);
            ThreadPool.SetMinThreads(_usual + threads, completionPorts);
        }
    }
}
