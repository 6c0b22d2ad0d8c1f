namespace ActorFlow.Runtime.Tasks;

/// <summary>
/// Handlers share the thread pool with the actors, and one that blocks its thread takes that from them. Left alone the pool adds
/// a thread or two a second, too few for a node full of such handlers: its heartbeats would stop. So a thread outside the pool
/// looks whether the pool still gets to its work while handlers run, and if not lets it have one more thread for each of them.
/// </summary>
internal sealed class ThreadPoolStarvationGuard : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly Func<int> _running;
    private readonly ManualResetEventSlim _stop = new();
    private readonly ManualResetEventSlim _busy = new();
    private readonly AutoResetEvent _ran = new(false);
    private readonly int _usual;
    private int _granted;

    public ThreadPoolStarvationGuard(Func<int> running)
    {
        _running = running;
        ThreadPool.GetMinThreads(out _usual, out _);
        new Thread(Watch) { IsBackground = true, Name = "actorflow-pool-watch" }.Start();
    }

    /// <summary>A handler has begun, so there is something to watch: nothing is looked at while none runs.</summary>
    public void Begin()
    {
        if (!_busy.IsSet)
        {
            _busy.Set();
        }
    }

    public void Dispose()
    {
        _stop.Set();
        _busy.Set();
    }

    private void Watch()
    {
        _busy.Wait();
        while (!_stop.Wait(Pause))
        {
            var running = _running();
            if (running == 0)
            {
                Grant(0);
                Rest();
            }
            else if (!PoolGetsToItsWork())
            {
                Grant(running);
            }
        }

        Grant(0);
    }

    private void Rest()
    {
        _busy.Reset();
        if (_running() == 0 && !_stop.IsSet)
        {
            _busy.Wait();
        }
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
